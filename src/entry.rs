//! A finished value and what is known of it; pure, knows neither cores nor policy.

/// A moment: milliseconds of UTC wall clock since 1970-01-01T00:00:00Z.
///
/// # Example
///
/// ```
/// use cachier::Timestamp;
/// let stored = Timestamp::from_millis(1_000);
/// assert_eq!(Timestamp::from_millis(1_250).millis_since(stored), 250);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The moment `millis` milliseconds after the epoch (before it, if negative).
    ///
    /// # Example
    ///
    /// ```
    /// assert_eq!(cachier::Timestamp::from_millis(0).as_millis(), 0);
    /// ```
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since the epoch.
    ///
    /// # Example
    ///
    /// ```
    /// assert_eq!(cachier::Timestamp::from_millis(7).as_millis(), 7);
    /// ```
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// Milliseconds from `earlier` to this moment; negative if `earlier` is later.
    ///
    /// # Example
    ///
    /// ```
    /// use cachier::Timestamp;
    /// assert_eq!(Timestamp::from_millis(9).millis_since(Timestamp::from_millis(7)), 2);
    /// ```
    pub const fn millis_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// This moment moved by `millis` milliseconds, held at the ends of the range.
    ///
    /// # Example
    ///
    /// ```
    /// use cachier::Timestamp;
    /// assert_eq!(Timestamp::from_millis(7).saturating_add(2), Timestamp::from_millis(9));
    /// ```
    #[cfg_attr(all(feature = "js", target_arch = "wasm32"), inline(never))]
    pub const fn saturating_add(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis))
    }
}

/// What is known of an entry beside its value.
///
/// # Example
///
/// ```
/// let double = cachier::Memoize::builder().function(|n: u32| n * 2)?;
/// double.call((4,));
/// let meta = double.entries()?[0].meta;
/// assert!(!meta.none);
/// # Ok::<(), cachier::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meta {
    /// When the value was stored.
    pub stored_at: Timestamp,
    /// Size in bytes as the core counts it; 0 where no byte limit asks for it.
    pub size: u64,
    /// Whether the value is `None`, `undefined` or `null`.
    pub none: bool,
}

/// A finished value and the moment it was stored.
///
/// # Example
///
/// ```
/// let double = cachier::Memoize::builder().function(|n: u32| n * 2)?;
/// double.call((4,));
/// assert_eq!(double.peek(&(4,)).map(|entry| entry.value), Some(8));
/// # Ok::<(), cachier::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry<V> {
    /// What the memoized function returned.
    pub value: V,
    /// When it was stored, and its size.
    pub meta: Meta,
}

impl<V: Clone> Entry<&V> {
    /// The same entry with a value of its own, for a core that keeps values as they are.
    ///
    /// # Example
    ///
    /// ```
    /// use cachier::{Entry, Meta, Timestamp};
    /// let meta = Meta { stored_at: Timestamp::from_millis(0), size: 0, none: false };
    /// let lent = Entry { value: &"a".to_owned(), meta };
    /// assert_eq!(lent.cloned().value, "a");
    /// ```
    pub fn cloned(self) -> Entry<V> {
        Entry {
            value: self.value.clone(),
            meta: self.meta,
        }
    }
}
