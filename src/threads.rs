//! What crossing threads asks of a type: `Send` and `Sync` natively, nothing on wasm32.

#[cfg(not(target_arch = "wasm32"))]
mod bounds {
    /// `Send` where there are threads; every type on wasm32.
    ///
    /// # Example
    ///
    /// ```
    /// fn keep(value: impl cachier::MaybeSend + 'static) -> Box<dyn std::any::Any> {
    ///     Box::new(value)
    /// }
    /// assert!(keep(5).is::<i32>());
    /// ```
    pub trait MaybeSend: Send {}
    impl<T: Send + ?Sized> MaybeSend for T {}

    /// `Sync` where there are threads; every type on wasm32.
    ///
    /// # Example
    ///
    /// ```
    /// fn keep(value: impl cachier::MaybeSync + 'static) -> Box<dyn std::any::Any> {
    ///     Box::new(value)
    /// }
    /// assert!(keep(5).is::<i32>());
    /// ```
    pub trait MaybeSync: Sync {}
    impl<T: Sync + ?Sized> MaybeSync for T {}

    pub(crate) type BoxedFunction<A, R> = Box<dyn Fn(A) -> R + Send + Sync>;
    pub(crate) type BoxedFill<A, P, R> = Box<dyn Fn(&A, &mut P) -> R + Send + Sync>;
    pub(crate) type SharedFunction<A, R> = std::sync::Arc<dyn Fn(A) -> R + Send + Sync>;
    pub(crate) type SharedView<A, R> = std::sync::Arc<dyn Fn(&A) -> R + Send + Sync>;
    pub(crate) type View<'a, A, R> = &'a (dyn Fn(&A) -> R + Send + Sync);
    pub(crate) type Check<'a, A, B> = &'a (dyn Fn(&A, &B) -> bool + Send + Sync);
    #[cfg(feature = "macros")]
    pub(crate) type Anything = dyn std::any::Any + Send + Sync;

    /// A future whose type is forgotten.
    pub type Pending<'a, R> = std::pin::Pin<Box<dyn Future<Output = R> + Send + 'a>>;
}

#[cfg(target_arch = "wasm32")]
mod bounds {
    /// `Send` where there are threads; every type on wasm32.
    pub trait MaybeSend {}
    impl<T: ?Sized> MaybeSend for T {}

    /// `Sync` where there are threads; every type on wasm32.
    pub trait MaybeSync {}
    impl<T: ?Sized> MaybeSync for T {}

    pub(crate) type BoxedFunction<A, R> = Box<dyn Fn(A) -> R>;
    pub(crate) type BoxedFill<A, P, R> = Box<dyn Fn(&A, &mut P) -> R>;
    pub(crate) type SharedFunction<A, R> = std::sync::Arc<dyn Fn(A) -> R>;
    pub(crate) type SharedView<A, R> = std::sync::Arc<dyn Fn(&A) -> R>;
    pub(crate) type View<'a, A, R> = &'a dyn Fn(&A) -> R;
    pub(crate) type Check<'a, A, B> = &'a dyn Fn(&A, &B) -> bool;
    #[cfg(feature = "macros")]
    pub(crate) type Anything = dyn std::any::Any;

    /// A future whose type is forgotten.
    pub type Pending<'a, R> = std::pin::Pin<Box<dyn Future<Output = R> + 'a>>;
}

/// A future whose type is forgotten, and that borrows nothing.
pub type BoxedFuture<R> = Pending<'static, R>;

#[cfg(feature = "macros")]
pub(crate) use bounds::Anything;
pub(crate) use bounds::{BoxedFill, BoxedFunction, Check, SharedFunction, SharedView, View};
pub use bounds::{MaybeSend, MaybeSync, Pending};
