import { fromHex, mintId, mintSecret } from "../../../app/static/js/core/ids.js";
import { sha256 } from "../../../app/static/js/core/sha256.js";
import { equal, holds } from "./check.js";

const bytes = (text) => new TextEncoder().encode(text);

export function the_vectors_of_the_standard() {
  equal(sha256(bytes("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  equal(sha256(bytes("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  equal(
    sha256(bytes("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
  );
  equal(sha256(bytes("a".repeat(1000))), "41edece42d63e8d9bf515a9ba6932e1c20cbc9f5a5d134645adb5db1b9737ea3");
}

export function every_length_around_a_block_is_padded_rightly() {
  equal(sha256(bytes("a".repeat(55))), "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318");
  equal(sha256(bytes("a".repeat(56))), "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a");
  equal(sha256(bytes("a".repeat(64))), "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb");
}

export function a_secret_is_hashed_by_its_bytes_not_its_digits() {
  equal(sha256(fromHex("00".repeat(32))), "66687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f2925");
}

export function ids_and_secrets_have_the_shape_the_protocol_asks_for() {
  holds(/^[0-9a-f]{32}$/.test(mintId()) && mintId() !== mintId(), "an id is 32 fresh hexadecimal digits");
  holds(/^[0-9a-f]{64}$/.test(mintSecret()), "a secret is 64 hexadecimal digits");
}
