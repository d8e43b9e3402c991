//! Functions of several arguments as functions of one tuple; nothing else.

/// A function that can be called with a tuple of its arguments.
///
/// Implemented for every `Fn` of up to eight arguments.
///
/// # Example
///
/// ```
/// use cachier::Function;
/// let add = |a: u32, b: u32| a + b;
/// assert_eq!(add.call((2, 3)), 5);
/// ```
pub trait Function<A, R> {
    /// Calls the function.
    fn call(&self, arguments: A) -> R;
}

macro_rules! functions {
    ($($name:ident $argument:ident),*) => {
        impl<F, R, $($name),*> Function<($($name,)*), R> for F
        where
            F: Fn($($name),*) -> R,
        {
            fn call(&self, ($($argument,)*): ($($name,)*)) -> R {
                self($($argument),*)
            }
        }
    };
}

functions!();
functions!(A a);
functions!(A a, B b);
functions!(A a, B b, C c);
functions!(A a, B b, C c, D d);
functions!(A a, B b, C c, D d, E e);
functions!(A a, B b, C c, D d, E e, G g);
functions!(A a, B b, C c, D d, E e, G g, H h);
functions!(A a, B b, C c, D d, E e, G g, H h, I i);
