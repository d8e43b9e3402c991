//! Two futures, whichever is first; knows nothing of what they are.

use std::pin::{Pin, pin};
use std::task::Poll;

pub(super) enum Raced<A, B> {
    Left(A),
    Right(B),
}

/// Resolves with the first of two futures; the left one wins a tie.
pub(super) async fn race<A: Future + Unpin, B: Future>(
    mut left: A,
    right: B,
) -> Raced<A::Output, B::Output> {
    let mut right = pin!(right);
    std::future::poll_fn(move |context| {
        if let Poll::Ready(output) = Pin::new(&mut left).poll(context) {
            return Poll::Ready(Raced::Left(output));
        }
        right.as_mut().poll(context).map(Raced::Right)
    })
    .await
}
