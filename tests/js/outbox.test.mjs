import assert from "node:assert/strict";
import { test } from "node:test";
import { MOST_BYTES, MOST_OPERATIONS, UNANSWERED_FRAMES } from "../../app/static/js/contract.js";
import { Outbox } from "../../app/static/js/core/outbox.js";

const settled = () => new Promise((resolve) => setImmediate(resolve));
const op = (n, payload = {}) => ({ id: String(n).padStart(32, "0"), kind: "card.move", payload });
const idsOf = (ops) => ops.map(({ id }) => Number(id));

/** An outbox on a fake road: what is kept, what was sent, and timers that run when the test says so. */
function around(left = []) {
  const world = { disk: [...left], sent: [], answers: [], timers: [], elsewhere: new Set(), keeping: undefined };
  world.outbox = new Outbox({
    load: async () => [...world.disk],
    isWaiting: (id) => world.outbox.has(id) || world.elsewhere.has(id),
    keep: async (step) => {
      await world.keeping;
      world.disk = step(world.disk);
    },
    send: (ops) => {
      for (const { id } of ops) assert.ok(world.disk.some((kept) => kept.id === id), "kept before it is sent");
      world.sent.push(ops);
    },
    answered: ({ id }, answer) => world.answers.push([Number(id), answer]),
    changed: () => undefined,
    later: (act, ms) => world.timers.push({ act, ms }),
  });
  return world;
}

const answer = (world, ops) => world.outbox.receive(ops.map(({ id }, seq) => ({ id, seq })));

test("X01: nothing is sent before it is kept, nor before the link is open", async () => {
  const world = around();
  let keep = () => undefined;
  world.keeping = new Promise((resolve) => (keep = resolve));
  void world.outbox.submit(op(1));
  world.outbox.opened();
  await settled();
  assert.equal(world.sent.length, 0);
  keep();
  await settled();
  assert.deepEqual(world.sent.map(idsOf), [[1]]);
});

test("X04: an answer, a refusal too, is final: it settles its promise and leaves nothing on the device", async () => {
  const world = around();
  world.outbox.opened();
  const [first, second] = [world.outbox.submit(op(1)), world.outbox.submit(op(2))];
  await settled();
  world.outbox.receive([{ id: op(1).id, seq: 7 }, { id: op(2).id, code: "gone", data: { card: "x" } }]);
  assert.deepEqual(await first, { seq: 7 });
  assert.deepEqual(await second, { code: "gone", data: { card: "x" } });
  await settled();
  assert.deepEqual([world.disk, world.outbox.ops], [[], []]);
});

test("at most eight frames wait for an answer, and the order is kept", async () => {
  const world = around();
  world.outbox.opened();
  for (let n = 1; n <= 20; n += 1) {
    void world.outbox.submit(op(n));
    await settled();
  }
  assert.equal(world.sent.length, UNANSWERED_FRAMES);
  answer(world, world.sent[0]);
  assert.equal(world.sent.length, UNANSWERED_FRAMES + 1);
  assert.deepEqual(idsOf(world.sent.flat()), Array.from({ length: 20 }, (_, n) => n + 1), "what had to wait goes together");
});

test("a frame holds at most fifty operations and 48 KiB", async () => {
  const many = around(Array.from({ length: 120 }, (_, n) => op(n + 1)));
  await many.outbox.adopt();
  many.outbox.opened();
  assert.deepEqual(many.sent.map((ops) => ops.length), [MOST_OPERATIONS, MOST_OPERATIONS, 20]);

  const large = around(Array.from({ length: 12 }, (_, n) => op(n + 1, { text: "é".repeat(5000) })));
  await large.outbox.adopt();
  large.outbox.opened();
  assert.ok(large.sent.length > 1);
  for (const ops of large.sent) assert.ok(Buffer.byteLength(JSON.stringify({ board: "b".repeat(32), ops })) <= MOST_BYTES);
  assert.deepEqual(idsOf(large.sent.flat()), Array.from({ length: 12 }, (_, n) => n + 1));
});

test("after a cut the unanswered goes again, with the same ids, in the old order", async () => {
  const world = around();
  world.outbox.opened();
  for (const n of [1, 2, 3]) {
    void world.outbox.submit(op(n));
    await settled();
  }
  answer(world, world.sent[0]);
  world.outbox.closed();
  void world.outbox.submit(op(4));
  await settled();
  world.sent.length = 0;
  world.outbox.opened();
  assert.deepEqual(idsOf(world.sent.flat()), [2, 3, 4]);
});

test("X01: after a reload what was left comes before what is new", async () => {
  const world = around([op(1), op(2)]);
  void world.outbox.submit(op(3));
  await settled();
  await world.outbox.adopt();
  world.outbox.opened();
  assert.deepEqual(idsOf(world.sent.flat()), [1, 2, 3]);
});

test("a passing code is tried again later, each time after a longer pause, and is no answer", async () => {
  const world = around();
  world.outbox.opened();
  void world.outbox.submit(op(1));
  await settled();
  for (const longest of [1000, 2000, 4000]) {
    world.sent.length = 0;
    world.outbox.receive([{ id: op(1).id, code: "slow_down", data: {} }]);
    assert.equal(world.sent.length, 0);
    const { act, ms } = world.timers.pop();
    assert.ok(ms >= longest / 2 && ms <= longest);
    act();
    assert.deepEqual(world.sent.map(idsOf), [[1]]);
  }
  assert.deepEqual(world.answers, []);
});

test("an operation waits for the answer to the one it follows", async () => {
  const world = around();
  world.outbox.opened();
  void world.outbox.submit(op(1));
  void world.outbox.submit({ ...op(2), after: op(1).id });
  await settled();
  assert.deepEqual(idsOf(world.sent.flat()), [1]);
  answer(world, [op(1)]);
  assert.deepEqual(idsOf(world.sent.flat()), [1, 2]);
});

test("X06: an operation waits for the one it follows in another tab too", async () => {
  const world = around();
  world.outbox.opened();
  world.elsewhere.add(op(1).id);
  void world.outbox.submit({ ...op(2), after: op(1).id });
  void world.outbox.submit(op(3));
  await settled();
  assert.deepEqual(world.sent.map(idsOf), [[3]]);
  world.elsewhere.delete(op(1).id);
  world.outbox.flush();
  assert.deepEqual(world.sent.map(idsOf), [[3], [2]]);
});

test("after a frame refused as a whole, one operation a frame, so that only the bad one is refused", async () => {
  const world = around([op(1), op(2), op(3)]);
  await world.outbox.adopt();
  world.outbox.opened();
  assert.deepEqual(world.sent.map(idsOf), [[1, 2, 3]]);
  world.outbox.receive([{ id: "", code: "bad_payload", data: {} }], "submit");
  assert.deepEqual(idsOf(world.sent[1]), [1]);
  answer(world, [op(1)]);
  assert.deepEqual(idsOf(world.sent[2]), [2]);
  world.outbox.receive([{ id: "", code: "bad_payload", data: {} }], "submit");
  assert.deepEqual(world.answers.at(-1), [2, { code: "bad_payload", data: {} }]);
  assert.deepEqual(idsOf(world.sent[3]), [3]);
});

test("a frame about something else that is refused settles no operation, and none goes again for it", async () => {
  const world = around([op(1), op(2)]);
  await world.outbox.adopt();
  world.outbox.opened();
  world.outbox.receive([{ id: "", code: "internal", data: {} }], "submit");
  assert.deepEqual(world.sent.map(idsOf), [[1, 2], [1]]);
  for (const event of ["hand", "floor", "wheel", "clock", "hello", undefined]) world.outbox.receive([{ id: "", code: "internal", data: {} }], event);
  assert.deepEqual(world.answers, []);
  assert.equal(world.sent.length, 2);
  answer(world, [op(1)]);
  assert.deepEqual(world.answers, [[1, { seq: 0 }]]);
});
