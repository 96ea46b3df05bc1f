import { Outbox } from "../../../app/static/js/core/outbox.js";
import { equal, holds } from "./check.js";

/** An outbox over a list that stands for the disk; `sent` holds the frames, `timers` what waits. */
function setup(disk = []) {
  const seen = { disk, sent: [], answered: [], timers: [] };
  seen.outbox = new Outbox({
    load: async () => [...seen.disk],
    isWaiting: (id) => seen.disk.some((kept) => kept.id === id),
    keep: async (step) => void (seen.disk = step(seen.disk)),
    send: (ops) => seen.sent.push(ops.map(({ id }) => id)),
    answered: (op, answer) => seen.answered.push([op.id, answer]),
    changed: () => undefined,
    later: (act) => seen.timers.push(act),
  });
  return seen;
}

const op = (id, more = {}) => ({ id, kind: "card.post", payload: { text: id }, ...more });
const settle = () => new Promise((resolve) => setTimeout(resolve));

export async function an_operation_is_on_the_disk_before_it_is_sent() {
  const seen = setup();
  seen.outbox.opened();
  void seen.outbox.submit(op("a"));
  equal(seen.sent, []);
  await settle();
  equal([seen.disk.map(({ id }) => id), seen.sent], [["a"], [["a"]]]);
}

export async function what_was_written_offline_goes_in_the_old_order_and_one_frame() {
  const seen = setup();
  for (const id of ["a", "b", "c"]) void seen.outbox.submit(op(id));
  await settle();
  equal(seen.sent, []);
  seen.outbox.opened();
  equal(seen.sent, [["a", "b", "c"]]);
}

export async function at_most_eight_frames_wait_for_an_answer() {
  const seen = setup();
  seen.outbox.opened();
  for (let n = 0; n < 10; n += 1) {
    void seen.outbox.submit(op(`op${n}`));
    await settle();
  }
  equal(seen.sent.length, 8);
  seen.outbox.receive([{ id: "op0", seq: 1 }]);
  equal(seen.sent[8], ["op8", "op9"]);
}

export async function a_frame_holds_fifty_operations_and_48_kib_at_most() {
  const seen = setup();
  for (let n = 0; n < 60; n += 1) void seen.outbox.submit(op(`op${n}`));
  for (let n = 0; n < 20; n += 1) void seen.outbox.submit(op(`long${n}`, { payload: { text: "é".repeat(3000) } }));
  await settle();
  seen.outbox.opened();
  equal(seen.sent[0].length, 50);
  holds(seen.sent[1].length < 20, "the second frame stops at its bytes");
  equal(seen.sent.flat().length, 80);
}

export async function after_a_cut_the_same_ids_go_again() {
  const seen = setup();
  seen.outbox.opened();
  void seen.outbox.submit(op("a"));
  await settle();
  seen.outbox.closed();
  seen.outbox.opened();
  equal(seen.sent, [["a"], ["a"]]);
}

export async function what_an_earlier_page_left_goes_first() {
  const seen = setup([op("old")]);
  seen.outbox.opened();
  await seen.outbox.adopt();
  void seen.outbox.submit(op("new"));
  await settle();
  equal(seen.sent, [["old"], ["new"]]);
}

export async function an_answer_is_final_and_leaves_the_disk() {
  const seen = setup();
  seen.outbox.opened();
  const answer = seen.outbox.submit(op("a"));
  await settle();
  seen.outbox.receive([{ id: "a", code: "round_over", data: {} }]);
  equal([await answer, seen.disk], [{ code: "round_over", data: {} }, []]);
  seen.outbox.receive([{ id: "a", seq: 4 }]);
  equal(seen.answered.length, 1);
}

export async function an_undecided_operation_goes_again_after_a_pause_with_its_id() {
  const seen = setup();
  seen.outbox.opened();
  void seen.outbox.submit(op("a"));
  await settle();
  seen.outbox.receive([{ id: "a", code: "slow_down", data: {} }]);
  equal([seen.sent.length, seen.disk.length], [1, 1]);
  seen.timers[0]();
  equal(seen.sent, [["a"], ["a"]]);
}

export async function what_depends_on_an_answer_waits_for_it() {
  const seen = setup();
  seen.outbox.opened();
  void seen.outbox.submit(op("post"));
  void seen.outbox.submit(op("edit", { after: "post" }));
  await settle();
  equal(seen.sent, [["post"]]);
  seen.outbox.receive([{ id: "post", sealed: true }]);
  equal(seen.sent, [["post"], ["edit"]]);
}

export async function one_unreadable_operation_is_refused_alone() {
  const seen = setup();
  for (const id of ["good", "bad", "also good"]) void seen.outbox.submit(op(id));
  await settle();
  seen.outbox.opened();
  seen.outbox.receive([{ id: "", code: "bad_payload", data: {} }], "hand");
  equal(seen.sent.length, 1);
  seen.outbox.receive([{ id: "", code: "bad_payload", data: {} }], "submit");
  equal(seen.sent[1], ["good"]);
  seen.outbox.receive([{ id: "good", seq: 1 }]);
  seen.outbox.receive([{ id: "", code: "bad_payload", data: {} }], "submit");
  equal(seen.answered.map(([id]) => id), ["good", "bad"]);
  equal(seen.sent.at(-1), ["also good"]);
}
