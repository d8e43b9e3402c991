//! One transaction for what is asked in one turn of the event loop; knows requests, not what they are for.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Array, Object, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::api::{self, Idb};
use super::connection::{ENTRIES, FUNCTIONS, LARGE, MARKS};
use crate::core::browser::global::{get, set};
use crate::core::browser::reply::Reply;

/// Who may share a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Company {
    /// Whoever asks in the same turn.
    Welcome,
    /// Nobody: one failure in a transaction is a failure of all in it.
    Unwanted,
}

/// What a transaction may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    Reads,
    Writes,
}

/// A transaction and those who share it.
pub(super) struct Turn {
    transaction: Idb,
    mode: Mode,
    jobs: Cell<u32>,
    /// Until the first reply, which is of a later turn.
    is_open: Cell<bool>,
    /// Whether somebody reads what they are about to write.
    is_busy: Cell<bool>,
    waiting: RefCell<Vec<Reply<()>>>,
    over: Promise,
}

thread_local! {
    static LATEST: RefCell<Option<Rc<Turn>>> = const { RefCell::new(None) };
}

/// Enters the transaction of this turn, or a new one, with a first request: its failure tells that the turn is over.
pub(super) fn enter(
    database: &Idb,
    mode: Mode,
    company: Company,
    first: &dyn Fn(&Turn) -> Result<Idb, JsValue>,
) -> Result<(Rc<Turn>, Idb), JsValue> {
    if company == Company::Welcome {
        let latest = LATEST.with_borrow(Clone::clone);
        let open = latest.filter(|turn| turn.admits(mode));
        if let Some((turn, request)) =
            open.and_then(|turn| Some((turn.clone(), first(&turn).ok()?)))
        {
            turn.jobs.set(turn.jobs.get() + 1);
            return Ok((turn, request));
        }
    }
    let turn = Rc::new(begin(database, mode)?);
    let request = first(&turn)?;
    if company == Company::Welcome {
        LATEST.set(Some(turn.clone()));
    }
    Ok((turn, request))
}

fn begin(database: &Idb, mode: Mode) -> Result<Turn, JsValue> {
    let stores = [ENTRIES, LARGE, FUNCTIONS, MARKS];
    let stores: Array = stores.iter().map(|name| JsValue::from_str(name)).collect();
    let options = Object::new();
    set(&options, "durability", &"relaxed".into());
    let name = match mode {
        Mode::Reads => "readonly",
        Mode::Writes => "readwrite",
    };
    let transaction = database.transaction(&stores, name, &options)?;
    let over = api::promise(&transaction, "oncomplete", "onabort");
    Ok(Turn {
        transaction,
        mode,
        jobs: Cell::new(1),
        is_open: Cell::new(true),
        is_busy: Cell::new(false),
        waiting: RefCell::default(),
        over,
    })
}

impl Turn {
    fn admits(&self, mode: Mode) -> bool {
        self.is_open.get() && (self.mode == Mode::Writes || mode == Mode::Reads)
    }

    pub(super) fn store(&self, name: &str) -> Result<Idb, JsValue> {
        self.transaction.object_store(name)
    }

    /// Waits until nobody else is about to write; what is read from then on stays true. Whether that was at once.
    pub(super) async fn become_busy(&self) -> bool {
        if !self.is_busy.replace(true) {
            return true;
        }
        let reply = Reply::new();
        self.waiting.borrow_mut().push(reply.clone());
        reply.await;
        false
    }

    /// Lets the next one write.
    pub(super) fn become_idle(&self) {
        if self.waiting.borrow().is_empty() {
            return self.is_busy.set(false);
        }
        let next = self.waiting.borrow_mut().remove(0);
        next.leave(());
    }

    /// The result of one of its requests.
    pub(super) async fn reply(&self, request: Idb) -> Result<JsValue, JsValue> {
        let result = api::settled(request).await;
        self.is_open.set(false);
        result
    }

    /// Ends a job's part. The last one commits, for nothing is to come; one that failed takes all with it.
    pub(super) async fn leave<T>(&self, done: Result<T, JsValue>) -> Result<T, JsValue> {
        self.jobs.set(self.jobs.get() - 1);
        // Listened to before anything can break it.
        let over = JsFuture::from(self.over.clone());
        let ended = match &done {
            Ok(_) if self.jobs.get() > 0 => Ok(()),
            Ok(_) => self.transaction.commit(),
            Err(_) => self.transaction.abort(),
        };
        // Either fails only where the transaction is over already, or ends by itself.
        let _ = ended;
        if self.mode == Mode::Reads || done.is_err() {
            return done;
        }
        match over.await {
            Ok(_) => done,
            Err(_) => Err(get(&self.transaction, "error")),
        }
    }
}
