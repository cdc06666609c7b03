//! The listener, its protection against slow and many clients, and the orderly stop.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use salvo::conn::ConnCtrl;
use salvo::conn::tcp::TcpAcceptor;
use salvo::fuse::{ArcConnObserver, FuseAction, FuseConfig, FuseInfo, FusePolicy};
use salvo::{Server, Service, async_trait};
use tokio::net::TcpListener;

use crate::metrics::Metrics;

/// Connections that are served at once. More wait in the backlog of the operating system.
const MAX_CONNECTIONS: usize = 2048;
/// What hyper reads of a request head before it gives up by itself. Larger than our own limits, so that a client
/// just over them gets a problem document and not a bare status.
const HEAD_BUFFER: usize = 64 * 1024;
/// Header lines that hyper parses; our own limit is lower, for the same reason.
const HEADER_LINES: usize = 256;
/// A client has this long to send a complete request head.
const HEAD_TIME: Duration = Duration::from_secs(15);

/// A bound listener.
#[derive(Debug)]
pub struct Bound {
    listener: TcpListener,
    address: SocketAddr,
    metrics: Metrics,
}

/// Opens the port. Nothing is answered before [`Bound::serve`].
///
/// # Errors
/// Whatever the operating system says, such as an address in use.
pub async fn bind(address: SocketAddr) -> io::Result<Bound> {
    let listener = TcpListener::bind(address).await?;
    let address = listener.local_addr()?;
    Ok(Bound {
        listener,
        address,
        metrics: Metrics::off(),
    })
}

impl Bound {
    /// The address with the port that was really opened.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Counts the connections that are open.
    #[must_use]
    pub fn counted(self, metrics: Metrics) -> Self {
        Self { metrics, ..self }
    }

    /// Serves until `stop` ends, then lets running requests finish for at most `drain`.
    ///
    /// # Errors
    /// Where the listener cannot be used.
    pub async fn serve(
        self,
        service: Service,
        stop: impl Future<Output = ()> + Send + 'static,
        drain: Duration,
    ) -> io::Result<()> {
        let mut server = Server::new(TcpAcceptor::try_from(self.listener)?)
            .max_connections(MAX_CONNECTIONS)
            .fuse_policy(Fuse {
                config: FuseConfig::strict().with_http1_header_timeout(HEAD_TIME),
                metrics: self.metrics,
            });
        server
            .http1_mut()
            .max_buf_size(HEAD_BUFFER)
            .max_headers(HEADER_LINES);
        let handle = server.handle();
        tokio::spawn(async move {
            stop.await;
            handle.stop_graceful(drain);
        });
        server.try_serve(service).await
    }
}

/// The clocks of every connection, and its count.
struct Fuse {
    config: FuseConfig,
    metrics: Metrics,
}

#[async_trait]
impl FusePolicy for Fuse {
    async fn decide(&self, _: &FuseInfo) -> FuseAction {
        FuseAction::Accept(self.config)
    }

    fn observe(&self, _: &FuseInfo, _: &ConnCtrl) -> Option<ArcConnObserver> {
        let connected = self.metrics.connected()?;
        Some(Arc::new(connected))
    }
}

/// Ends on SIGTERM or SIGINT.
///
/// # Errors
/// Where the signals cannot be listened to.
#[cfg(unix)]
pub fn signals() -> io::Result<impl Future<Output = ()> + Send + 'static> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// Ends on Ctrl-C.
///
/// # Errors
/// Never; the signature is that of the Unix form.
#[cfg(not(unix))]
pub fn signals() -> io::Result<impl Future<Output = ()> + Send + 'static> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}
