//! The stream of a connection that has a seat.

use std::io::{self, IoSlice};
use std::net::IpAddr;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep_until};

use super::admission::Seat;
use super::unread;

/// Gives the seat back when it is dropped, bounds the time that an answer takes, and tells of what hyper refuses.
///
/// A limit on a single stalled write is not enough: a peer that reads one byte now and then never stalls for long. So
/// the time runs from the first write that has to wait until everything that was written is on its way.
#[derive(Debug)]
pub(in crate::http) struct Seated<S> {
    inner: S,
    peer: IpAddr,
    patience: Duration,
    /// When patience ends; only while something waits to be written.
    deadline: Option<Pin<Box<Sleep>>>,
    _seat: Seat,
}

impl<S> Seated<S> {
    pub(super) fn new(inner: S, peer: IpAddr, patience: Duration, seat: Seat) -> Self {
        Self {
            inner,
            peer,
            patience,
            deadline: None,
            _seat: seat,
        }
    }

    /// What is on its way may be a refusal that no step of ours has made.
    fn heard(&self, written: &Poll<io::Result<usize>>, bytes: &[IoSlice<'_>]) {
        if matches!(written, Poll::Ready(Ok(_))) {
            unread::tell(bytes, self.peer);
        }
    }

    /// What became of a write, unless the peer has had its time.
    fn judged(
        &mut self,
        context: &mut Context<'_>,
        written: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        if written.is_pending() && self.deadline.is_none() {
            self.deadline = Some(Box::pin(sleep_until(Instant::now() + self.patience)));
        }
        let late = self
            .deadline
            .as_mut()
            .is_some_and(|deadline| deadline.as_mut().poll(context).is_ready());
        if late {
            let error = io::Error::new(io::ErrorKind::TimedOut, "the peer takes too long to read");
            return Poll::Ready(Err(error));
        }
        written
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Seated<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Seated<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.inner).poll_write(context, bytes);
        self.heard(&written, &[IoSlice::new(bytes)]);
        self.judged(context, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.inner).poll_write_vectored(context, slices);
        self.heard(&written, slices);
        self.judged(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    /// hyper flushes when it has handed over everything: the peer has caught up.
    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.inner).poll_flush(context))?;
        self.deadline = None;
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }
}
