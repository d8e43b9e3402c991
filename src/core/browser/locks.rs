//! Names that one holder at a time has: in this tab, or in all tabs and workers of the origin by Web Locks.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use js_sys::{Function, Object, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::{global, page};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = Object)]
    type LockManager;

    #[wasm_bindgen(method, catch)]
    fn request(
        this: &LockManager,
        name: &str,
        options: &Object,
        granted: &JsValue,
    ) -> Result<Promise, JsValue>;
}

thread_local! {
    /// The names that are held in this tab only.
    static HERE: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
    /// Every Web Lock that this tab may hold.
    static HELD: RefCell<Vec<Weak<Held>>> = const { RefCell::new(Vec::new()) };
    /// Names whose release is under way: until it is over they would look taken.
    static RELEASING: RefCell<Vec<(String, Promise)>> = const { RefCell::new(Vec::new()) };
}

/// A held name; free again when dropped.
#[derive(Debug)]
pub(super) enum Lock {
    Here(String),
    Everywhere(Rc<Held>),
}

/// A Web Lock as long as its promise is not kept.
#[derive(Debug)]
pub(super) struct Held {
    name: String,
    release: Function,
    over: RefCell<Option<Promise>>,
    lost: Cell<bool>,
}

impl Lock {
    /// Whether the lock went to others because the page was put aside.
    pub(super) fn is_lost(&self) -> bool {
        matches!(self, Self::Everywhere(held) if held.lost.get())
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        if let Self::Here(name) = self {
            HERE.with_borrow_mut(|names| names.retain(|held| held != name));
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let _ = self.release.call0(&JsValue::UNDEFINED);
        let Some(over) = self.over.take() else {
            return;
        };
        let name = std::mem::take(&mut self.name);
        RELEASING.with_borrow_mut(|releasing| releasing.push((name, over.clone())));
        spawn_local(async move {
            let _ = JsFuture::from(over.clone()).await;
            let over: &JsValue = over.as_ref();
            RELEASING.with_borrow_mut(|releasing| {
                releasing.retain(|(_, other)| AsRef::<JsValue>::as_ref(other) != over);
            });
        });
    }
}

/// Takes a name in this tab; `None` if somebody has it.
pub(super) fn take_here(name: &str) -> Option<Lock> {
    HERE.with_borrow_mut(|names| {
        if names.iter().any(|held| held == name) {
            return None;
        }
        names.push(name.to_owned());
        Some(Lock::Here(name.to_owned()))
    })
}

/// Takes a name in all tabs, or in this one where there are no Web Locks; `None` if somebody has it.
pub(super) async fn take(name: &str) -> Option<Lock> {
    let Some(locks) = manager() else {
        return take_here(name);
    };
    if let Some(over) = release_under_way(name) {
        let _ = JsFuture::from(over).await;
    }
    match request(&locks, name).await {
        Granted::Taken(held) => Some(Lock::Everywhere(held)),
        Granted::Refused => None,
        Granted::Impossible => take_here(name),
    }
}

fn release_under_way(name: &str) -> Option<Promise> {
    RELEASING.with_borrow(|releasing| {
        let mut latest = releasing.iter().rev();
        let (_, over) = latest.find(|(released, _)| released == name)?;
        Some(over.clone())
    })
}

fn manager() -> Option<LockManager> {
    let locks = global::get(&global::named("navigator")?, "locks");
    locks.is_object().then(|| locks.unchecked_into())
}

enum Granted {
    Taken(Rc<Held>),
    Refused,
    /// As in a document that may not use Web Locks.
    Impossible,
}

async fn request(locks: &LockManager, name: &str) -> Granted {
    let (release, released) = deferred();
    let (answer, answered) = deferred();
    let held = Held {
        name: name.to_owned(),
        release,
        over: RefCell::default(),
        lost: Cell::new(false),
    };
    let granted = Closure::once_into_js(move |lock: JsValue| -> Promise {
        let _ = answer.call1(&JsValue::UNDEFINED, &lock);
        released
    });
    let Ok(over) = locks.request(name, &if_available(), &granted) else {
        return Granted::Impossible;
    };
    // One that is refused without having been asked for says so by its own promise only.
    let decided = Promise::race(&js_sys::Array::of2(&answered, &over));
    match JsFuture::from(decided).await {
        Ok(lock) if lock.is_object() => Granted::Taken(kept(held, over)),
        Ok(_) => Granted::Refused,
        Err(_) => Granted::Impossible,
    }
}

/// A promise, and what keeps it.
fn deferred() -> (Function, Promise) {
    let mut keep = Function::default();
    let promise = Promise::new(&mut |resolve, _| keep = resolve);
    (keep, promise)
}

fn if_available() -> Object {
    let options = Object::new();
    global::set(&options, "ifAvailable", &true.into());
    options
}

/// Notes a lock that was granted, so that it is given up when the page is put aside.
fn kept(held: Held, over: Promise) -> Rc<Held> {
    held.over.replace(Some(over));
    let held = Rc::new(held);
    page::when_aside(lose_all);
    HELD.with_borrow_mut(|all| {
        all.retain(|held| held.strong_count() > 0);
        all.push(Rc::downgrade(&held));
    });
    held
}

fn lose_all() {
    let all = HELD.with_borrow_mut(std::mem::take);
    for held in all.iter().filter_map(Weak::upgrade) {
        held.lost.set(true);
        let _ = held.release.call0(&JsValue::UNDEFINED);
    }
}
