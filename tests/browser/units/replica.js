import { fnv1a, mark } from "../../../app/static/js/core/digest.js";
import { Replica } from "../../../app/static/js/core/replica.js";
import { equal } from "./check.js";

const card = (id, rev = 1) => ({ id, rev, text: `text of ${id}` });
const frame = (from, to, changes, more = {}) => ({ from, to, reset: false, generation: 1, changes, ...more });

function board() {
  const replica = new Replica();
  replica.receive(frame(-1, 3, [["put", "cards", card("a")], ["put", "cards", card("b")]], { reset: true }));
  return replica;
}

export function the_hash_is_fnv_1a() {
  equal([fnv1a(""), fnv1a("a"), fnv1a("foobar")], [0x811c9dc5, 0xe40c292c, 0xbf9cf968]);
}

export function the_next_frame_is_applied() {
  const replica = board();
  equal(replica.receive(frame(3, 5, [["patch", "cards", "a", { rev: 2, text: "new" }], ["remove", "cards", "b"]])), "applied");
  equal([replica.head, replica.all("cards")], [5, [{ id: "a", rev: 2, text: "new" }]]);
}

export function a_frame_that_is_not_newer_is_ignored() {
  const replica = board();
  equal(replica.receive(frame(2, 3, [["remove", "cards", "a"]])), "stale");
  equal(replica.all("cards").length, 2);
}

export function a_gap_changes_nothing() {
  const replica = board();
  equal(replica.receive(frame(4, 5, [["remove", "cards", "a"]])), "gap");
  equal([replica.head, replica.all("cards").length], [3, 2]);
}

export function an_empty_frame_moves_the_head() {
  const replica = board();
  equal([replica.receive(frame(3, 9, [])), replica.head], ["applied", 9]);
}

export function a_reset_forgets_everything_else() {
  const replica = board();
  equal(replica.receive(frame(-1, 7, [["put", "cards", card("c")]], { reset: true })), "applied");
  equal(replica.all("cards").map(({ id }) => id), ["c"]);
}

export function a_reset_that_was_overtaken_is_ignored() {
  const replica = board();
  equal(replica.receive(frame(-1, 2, [], { reset: true })), "stale");
  equal(replica.all("cards").length, 2);
}

export function another_generation_is_taken_by_reset_only() {
  const replica = board();
  equal(replica.receive(frame(3, 4, [], { generation: 2 })), "gap");
  equal(replica.receive(frame(-1, 1, [], { generation: 2, reset: true })), "applied");
  equal([replica.head, replica.generation, replica.digest], [1, 2, 0]);
}

export function the_digest_kept_along_the_way_equals_the_one_computed_afresh() {
  const replica = board();
  replica.receive(frame(3, 4, [["patch", "cards", "a", { rev: 2 }], ["put", "clusters", { id: "k", rev: 1 }], ["remove", "cards", "b"]]));
  const afresh = mark("cards", { id: "a", rev: 2 }) ^ mark("clusters", { id: "k", rev: 1 });
  equal(replica.digest, afresh >>> 0);
}
