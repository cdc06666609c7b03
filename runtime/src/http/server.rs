//! The listener, its clocks, and the orderly stop.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use salvo::conn::ConnCtrl;
use salvo::conn::tcp::TcpAcceptor;
use salvo::fuse::{ArcConnObserver, FuseAction, FuseConfig, FuseInfo, FusePolicy};
use salvo::server::ServerHandle;
use salvo::{Server, Service, async_trait};
use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};

use super::connections::{Admission, Admitting};

use crate::metrics::Metrics;

/// What hyper reads of a request head before it gives up by itself. Larger than our own limits, so that a client
/// just over them gets a problem document and not a bare status.
const HEAD_BUFFER: usize = 64 * 1024;
/// Header lines that hyper parses; our own limit is lower, for the same reason.
const HEADER_LINES: usize = 256;

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

    /// Serves until it is told to stop, then lets running requests finish for at most `drain`. Told a second time, it
    /// ends at once.
    ///
    /// `request` is the longest that a request may take: no transport clock may be shorter than the work itself.
    ///
    /// # Errors
    /// Where the listener cannot be used.
    pub async fn serve(
        self,
        service: Service,
        admission: Arc<Admission>,
        stop: mpsc::Receiver<()>,
        request: Duration,
        drain: Duration,
    ) -> io::Result<()> {
        let limits = admission.limits();
        let config = FuseConfig::strict()
            .with_http1_header_timeout(limits.head)
            .with_connection_idle_timeout(request.saturating_add(limits.head))
            .with_write_stall_timeout(limits.write)
            .with_request_body_timeout(request);
        let acceptor = TcpAcceptor::try_from(self.listener)?;
        let (acceptor, closer) = Admitting::new(acceptor, admission);
        let mut server = Server::new(acceptor).fuse_policy(Fuse {
            config,
            metrics: self.metrics,
        });
        server
            .http1_mut()
            .max_buf_size(HEAD_BUFFER)
            .max_headers(HEADER_LINES);
        tokio::spawn(obey(stop, closer, server.handle(), drain));
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

/// The first word stops in order, the second at once. A sender that is gone has stopped in order.
async fn obey(
    mut stop: mpsc::Receiver<()>,
    closer: watch::Sender<()>,
    server: ServerHandle,
    drain: Duration,
) {
    let told = stop.recv().await.is_some();
    // The port first, so that nobody connects to a service that answers no more.
    closer.send_replace(());
    closer.closed().await;
    server.stop_graceful(drain);
    if told && stop.recv().await.is_some() {
        server.stop_forceful();
    }
}

/// That somebody wants files to be read again, by a SIGHUP. Each clone is told of each.
#[derive(Debug, Clone)]
pub struct Hangups(watch::Receiver<()>);

impl Hangups {
    /// Begins to listen. Until this is done a SIGHUP ends the process.
    ///
    /// # Errors
    /// Where the signal cannot be listened to.
    pub fn listen() -> io::Result<Self> {
        let (send, receive) = watch::channel(());
        hang_up(send)?;
        Ok(Self(receive))
    }

    /// Waits for the next.
    pub(crate) async fn next(&mut self) {
        if self.0.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(unix)]
fn hang_up(told: watch::Sender<()>) -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut hangups = signal(SignalKind::hangup())?;
    tokio::spawn(async move {
        while hangups.recv().await.is_some() && told.send(()).is_ok() {
            tracing::info!("told to read policies and keys again");
        }
    });
    Ok(())
}

/// There is no such signal.
#[cfg(not(unix))]
fn hang_up(told: watch::Sender<()>) -> io::Result<()> {
    drop(told);
    Ok(())
}

/// One word for each SIGTERM and SIGINT.
///
/// # Errors
/// Where the signals cannot be listened to.
#[cfg(unix)]
pub fn signals() -> io::Result<mpsc::Receiver<()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let (send, receive) = mpsc::channel(2);
    tokio::spawn(async move {
        loop {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            tracing::info!("told to stop");
            if send.send(()).await.is_err() {
                return;
            }
        }
    });
    Ok(receive)
}

/// One word for each Ctrl-C.
///
/// # Errors
/// Never; the signature is that of the Unix form.
#[cfg(not(unix))]
pub fn signals() -> io::Result<mpsc::Receiver<()>> {
    let (send, receive) = mpsc::channel(2);
    tokio::spawn(async move {
        while tokio::signal::ctrl_c().await.is_ok() && send.send(()).await.is_ok() {}
    });
    Ok(receive)
}
