//! The real program, while the disk that its attachments lie on is full, and once there is room.

use std::io::{BufRead as _, BufReader, Lines, Write as _};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use replica::attachment::CHUNK_BYTES;
use server::auth::now;

use crate::attached::{get_call, offer, offer_call, part, path, put_call, told, voice};
use crate::cluster::skipped;
use crate::kill::{free_port, wait_for};
use crate::live::{ask, build_site, sign_in};
use crate::wire::Answer;
use crate::world::World;

/// Runs the program with a small disk of its own, fills that and makes room as it is told, and
/// ends the program when nobody tells it anything any more.
const ALONE: &str = "mount -t tmpfs -o size=4m none \"$1\" || exit
    \"$2\" serve --addr \"$3\" --database \"$4\" --site \"$5\" --attachments \"$1\"/files \\
        >/dev/null 2>&1 &
    echo ready
    while read -r asked; do
        case $asked in
            fill) dd if=/dev/zero of=\"$1\"/ballast bs=4k 2>/dev/null ;;
            room) rm \"$1\"/ballast ;;
        esac
        echo done
    done
    kill -9 $!
    wait";

/// The disk under the program.
struct Disk {
    shell: Child,
    told: Lines<BufReader<ChildStdout>>,
}

impl Disk {
    /// Puts it at `place` and starts the program. `None` where nobody may make one.
    fn mount(place: &Path, addr: SocketAddr, database: &str, site: &Path) -> Option<Self> {
        let mut shell = Command::new("unshare")
            .args(["--mount", "--map-root-user", "sh", "-c", ALONE, "sh"])
            .arg(place)
            .arg(env!("CARGO_BIN_EXE_percorso"))
            .arg(addr.to_string())
            .arg(database)
            .arg(site)
            .env_remove("PERCORSO_ORIGIN")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let told = shell.stdout.take().expect("it is piped");
        let told = BufReader::new(told).lines();
        let mut disk = Self { shell, told };
        disk.says("ready").then_some(disk)
    }

    fn fill(&mut self) {
        self.have("fill");
    }

    fn make_room(&mut self) {
        self.have("room");
    }

    fn have(&mut self, asked: &str) {
        let shell = self.shell.stdin.as_mut().expect("it is piped");
        writeln!(shell, "{asked}").expect("the shell reads");
        assert!(self.says("done"), "{asked}");
    }

    fn says(&mut self, word: &str) -> bool {
        matches!(self.told.next(), Some(Ok(told)) if told == word)
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Closes its input first, which ends it.
        let _ = self.shell.wait();
    }
}

#[track_caller]
fn assert_no_space(answer: &Answer) {
    let code = answer.code();
    assert_eq!((answer.status, code.as_str()), (507, "no_space"));
}

#[tokio::test]
async fn an_attachment_that_the_disk_has_no_room_for_goes_on_once_there_is_some() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let [place, site] = ["disk", "site"].map(|name| folder.path().join(name));
    std::fs::create_dir(&place).expect("a folder can be made");
    build_site(&site);
    let url = format!("sqlite:{}", folder.path().join("percorso.db").display());
    let world = World::open(url.clone()).await;
    let addr = free_port();
    let Some(mut disk) = Disk::mount(&place, addr, &url, &site) else {
        skipped("nobody may make a small disk here");
        return;
    };
    wait_for(addr).await;
    let (tutor, family) = (world.tutor, world.family);
    let secret = sign_in(world.store.as_ref(), tutor.user, now().plus(3_600_000)).await;
    let bytes = voice();
    let offer = offer(&tutor, family, &bytes);
    let whole = path(family, offer.hash);
    let ask_again = async || ask(addr, &offer_call(&secret, &offer)).await;
    let put = async |number: usize| {
        let from = u32::try_from(number).expect("it is small") * CHUNK_BYTES;
        let place = format!("{whole}/{from}");
        ask(addr, &put_call(&secret, &place, part(&bytes, number))).await
    };
    assert_eq!(told(&put(0).await).received, CHUNK_BYTES);
    disk.fill();
    for _ in 0..2 {
        assert_no_space(&put(1).await);
        let here = told(&ask_again().await);
        assert_eq!(here.received, CHUNK_BYTES, "what had arrived is there");
    }
    disk.make_room();
    assert_eq!(told(&put(1).await).received, CHUNK_BYTES * 2);
    assert_eq!(told(&put(2).await).received, offer.bytes);
    // All of it is there; to put it together takes as much room once more.
    disk.fill();
    for _ in 0..2 {
        assert_no_space(&ask_again().await);
    }
    let answer = ask(addr, &get_call(&secret, &whole)).await;
    assert_eq!(answer.status, 404, "not before it is whole");
    disk.make_room();
    assert!(told(&ask_again().await).is_complete);
    let answer = ask(addr, &get_call(&secret, &whole)).await;
    assert!(answer.body == bytes, "the very bytes");
}
