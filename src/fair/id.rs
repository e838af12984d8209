//! Numbers of things, each kind a type of its own: the number of an exhibitor cannot be taken for that of an award, nor
//! a list be asked with the number of something else.

/// Declares the number of a kind of thing: its place in every list that holds something for each of them. Takes four
/// bytes, and as an `Option` no more.
macro_rules! id {
    ($(#[$doc:meta])* $Id:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $Id(std::num::NonZeroU32);

        impl $Id {
            /// The number of what stands at a place of a list.
            pub fn new(place: usize) -> $Id {
                let next = u32::try_from(place).ok().and_then(|place| place.checked_add(1));
                $Id(next.and_then(std::num::NonZeroU32::new).expect("fewer than 2^32 of a kind"))
            }

            /// Its place in a list.
            #[inline]
            pub fn place(self) -> usize {
                self.0.get() as usize - 1
            }

            /// The numbers of all that stands in a list.
            pub fn all<T>(list: &[T]) -> impl ExactSizeIterator<Item = $Id> + DoubleEndedIterator + Clone + use<T> {
                (0..list.len()).map($Id::new)
            }

            /// All that stands in a list, with its number.
            pub fn each<T>(list: &[T]) -> impl ExactSizeIterator<Item = ($Id, &T)> + DoubleEndedIterator + Clone {
                list.iter().enumerate().map(|(place, one)| ($Id::new(place), one))
            }
        }

        impl std::fmt::Debug for $Id {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($Id), "({})"), self.place())
            }
        }

        impl<T> std::ops::Index<$Id> for [T] {
            type Output = T;

            #[inline]
            fn index(&self, id: $Id) -> &T {
                &self[id.place()]
            }
        }

        impl<T> std::ops::IndexMut<$Id> for [T] {
            #[inline]
            fn index_mut(&mut self, id: $Id) -> &mut T {
                &mut self[id.place()]
            }
        }

        impl<T> std::ops::Index<$Id> for Vec<T> {
            type Output = T;

            #[inline]
            fn index(&self, id: $Id) -> &T {
                &self[id.place()]
            }
        }

        impl<T> std::ops::IndexMut<$Id> for Vec<T> {
            #[inline]
            fn index_mut(&mut self, id: $Id) -> &mut T {
                &mut self[id.place()]
            }
        }
    };
}

pub(crate) use id;
