//! Accepting a connection: its seat first.

use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use salvo::conn::tcp::TcpCoupler;
use salvo::conn::{Accepted, Acceptor, Coupler, Holding};
use salvo::fuse::ArcFusePolicy;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::watch;

use super::Admission;
use super::admission::Seat;
use super::stream::Seated;

/// How long a connection of the reserve has for its request head, and for taking its answer.
const RESERVE_TIME: Duration = Duration::from_secs(2);

/// An acceptor that hands on only connections with a seat, and closes its listener when it is told to.
///
/// salvo keeps its acceptor until the last request is through. Clients would connect all the while, and wait for nobody.
#[derive(Debug)]
pub(in crate::http) struct Admitting<A> {
    open: Option<Open<A>>,
    holdings: Vec<Holding>,
    admission: Arc<Admission>,
}

/// The listener, and who tells to close it.
#[derive(Debug)]
struct Open<A> {
    inner: A,
    close: watch::Receiver<()>,
}

impl<A: Acceptor> Admitting<A> {
    /// The sender closes the listener; its receiver is gone when that is done.
    pub(in crate::http) fn new(inner: A, admission: Arc<Admission>) -> (Self, watch::Sender<()>) {
        let (closer, close) = watch::channel(());
        let holdings = inner.holdings().to_vec();
        let open = Some(Open { inner, close });
        let admitting = Self {
            open,
            holdings,
            admission,
        };
        (admitting, closer)
    }
}

impl<A> Acceptor for Admitting<A>
where
    A: Acceptor,
    A::Stream: AsyncRead + AsyncWrite,
{
    type Coupler = TcpCoupler<Self::Stream>;
    type Stream = Seated<A::Stream>;

    fn holdings(&self) -> &[Holding] {
        &self.holdings
    }

    async fn accept(
        &mut self,
        policy: Option<ArcFusePolicy>,
    ) -> io::Result<Accepted<Self::Coupler, Self::Stream>> {
        while let Some(open) = &mut self.open {
            let accepted = tokio::select! {
                accepted = open.inner.accept(policy.clone()) => accepted?,
                _ = open.close.changed() => {
                    self.open = None;
                    break;
                }
            };
            let peer = accepted.remote_addr.clone().into_std();
            let seat = peer.and_then(|peer| self.admission.admit(peer, &accepted.conn_ctrl));
            // Without a seat the connection is closed by being dropped.
            if let (Some(seat), Some(peer)) = (seat, peer) {
                let write = self.admission.limits().write;
                return Ok(seated(accepted, peer.ip(), seat, write));
            }
        }
        std::future::pending().await
    }
}

fn seated<C, S>(
    accepted: Accepted<C, S>,
    peer: IpAddr,
    seat: Seat,
    write: Duration,
) -> Accepted<TcpCoupler<Seated<S>>, Seated<S>>
where
    C: Coupler<Stream = S>,
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let Accepted {
        stream,
        mut fuse_config,
        conn_ctrl,
        local_addr,
        remote_addr,
        http_scheme,
        ..
    } = accepted;
    let patience = if seat.is_reserve() {
        fuse_config = fuse_config.map(|fuse| fuse.with_http1_header_timeout(RESERVE_TIME));
        RESERVE_TIME
    } else {
        write
    };
    Accepted {
        coupler: TcpCoupler::new(),
        stream: Seated::new(stream, peer, patience, seat),
        fuse_config,
        conn_ctrl,
        local_addr,
        remote_addr,
        http_scheme,
    }
}
