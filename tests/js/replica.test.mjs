import assert from "node:assert/strict";
import { test } from "node:test";
import { mark } from "../../app/static/js/core/digest.js";
import { Replica } from "../../app/static/js/core/replica.js";

const frame = (from, to, changes, { reset = false, generation = 1 } = {}) => ({ from, to, reset, generation, changes });
const card = (id, rev, fields = {}) => ({ id, rev, ...fields });

/** A board that has just been sent as a whole, at head 5. */
function atFive() {
  const replica = new Replica();
  assert.equal(replica.receive(frame(-1, 5, [["put", "cards", card("a", 1, { text: "one" })]], { reset: true })), "applied");
  return replica;
}

const fresh = (replica, names = ["cards", "clusters"]) =>
  names.flatMap((name) => replica.all(name).map((record) => mark(name, record))).reduce((sum, one) => (sum ^ one) >>> 0, 0);

test("the next frame is applied: put, patch and remove", () => {
  const replica = atFive();
  assert.equal(replica.receive(frame(5, 6, [["put", "cards", card("b", 1)], ["patch", "cards", "a", { text: "two", rev: 2 }]])), "applied");
  assert.deepEqual(replica.get("cards", "a"), { id: "a", rev: 2, text: "two" });
  replica.receive(frame(6, 7, [["remove", "cards", "b"]]));
  assert.deepEqual(replica.all("cards").map(({ id }) => id), ["a"]);
  assert.equal(replica.head, 7);
});

test("an empty frame moves the head", () => {
  const replica = atFive();
  assert.equal(replica.receive(frame(5, 9, [])), "applied");
  assert.equal(replica.head, 9);
});

test("a frame seen before changes nothing", () => {
  const replica = atFive();
  assert.equal(replica.receive(frame(4, 5, [["remove", "cards", "a"]])), "stale");
  assert.ok(replica.get("cards", "a"));
});

test("a missing frame is a gap, and nothing is applied over it", () => {
  const replica = atFive();
  assert.equal(replica.receive(frame(6, 7, [["remove", "cards", "a"]])), "gap");
  assert.equal(replica.head, 5);
  assert.ok(replica.get("cards", "a"));
});

test("another generation is a gap until a reset brings it, even to a lower head", () => {
  const replica = atFive();
  assert.equal(replica.receive(frame(5, 6, [], { generation: 2 })), "gap");
  assert.equal(replica.receive(frame(-1, 2, [["put", "cards", card("z", 1)]], { reset: true, generation: 2 })), "applied");
  assert.deepEqual([replica.head, replica.generation, replica.all("cards").length], [2, 2, 1]);
});

test("a reset that was overtaken on the way does not bring the view back", () => {
  const replica = atFive();
  assert.equal(replica.receive(frame(-1, 4, [], { reset: true })), "stale");
  assert.ok(replica.get("cards", "a"));
  assert.equal(replica.receive(frame(-1, 5, [], { reset: true })), "applied", "at the same head it repairs");
  assert.equal(replica.all("cards").length, 0);
});

test("the digest kept along the way is the digest of what is there", () => {
  const replica = atFive();
  let seed = 7;
  const random = (below) => (seed = (seed * 1103515245 + 12345) & 0x7fffffff) % below;
  for (let head = 5; head < 400; head += 1) {
    const [name, id, rev] = [["cards", "clusters"][random(2)], `r${random(20)}`, random(9) + 1];
    const known = replica.get(name, id);
    const change = known && random(3) === 0 ? ["remove", name, id] : known ? ["patch", name, id, { rev: known.rev + 1 }] : ["put", name, { id, rev }];
    assert.equal(replica.receive(frame(head, head + 1, [change])), "applied");
    assert.equal(replica.digest, fresh(replica));
  }
  assert.equal(replica.receive(frame(-1, 400, [], { reset: true })), "applied");
  assert.equal(replica.digest, 0);
});
