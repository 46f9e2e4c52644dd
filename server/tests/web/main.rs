//! The whole server, in process: what each address answers, to whom, and what it refuses.

mod desk;
mod door;
mod limits;
mod place;
mod site;
