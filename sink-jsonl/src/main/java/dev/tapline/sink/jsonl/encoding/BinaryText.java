package dev.tapline.sink.jsonl.encoding;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Writes bytes as Base64 (RFC 4648, section 4) and UUIDs as text.
final class BinaryText {
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final byte[] ALPHABET =
      Ascii.bytes("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
  // Two characters per twelve bits.
  private static final short[] BASE64_PAIRS = new short[4096];
  private static final short[] HEX_PAIRS = new short[256];
  private static final int UUID_LENGTH = 36;
  private static final int PIECE = 3 * 4096;

  static {
    byte[] hex = Ascii.bytes("0123456789abcdef");
    for (int i = 0; i < BASE64_PAIRS.length; i++) {
      BASE64_PAIRS[i] = (short) (ALPHABET[i >>> 6] | ALPHABET[i & 63] << 8);
    }
    for (int i = 0; i < HEX_PAIRS.length; i++) {
      HEX_PAIRS[i] = (short) (hex[i >>> 4] | hex[i & 15] << 8);
    }
  }

  private BinaryText() {}

  /// Writes bytes as a JSON string of Base64.
  static void writeBase64(byte[] source, int start, int end, JsonBuffer out) throws IOException {
    out.put('"');
    for (int from = start; from < end; from += PIECE) {
      int to = Math.min(end, from + PIECE);
      out.ensure((to - from) / 3 * 4 + 4);
      out.position = base64(source, from, to, out.bytes, out.position);
    }
    out.put('"');
  }

  /// Writes the UUID whose 16 bytes begin at `start` as a JSON string.
  static void writeUuid(byte[] source, int start, JsonBuffer out) throws IOException {
    out.ensure(UUID_LENGTH + 2);
    byte[] to = out.bytes;
    int at = out.position;
    to[at++] = '"';
    for (int i = 0; i < 16; i++) {
      if (i == 4 || i == 6 || i == 8 || i == 10) {
        to[at++] = '-';
      }
      SHORT.set(to, at, HEX_PAIRS[source[start + i] & 0xff]);
      at += 2;
    }
    to[at++] = '"';
    out.position = at;
  }

  private static int base64(byte[] source, int start, int end, byte[] to, int position) {
    int from = start;
    int at = position;
    for (; end - from >= 3; from += 3) {
      int bits =
          (source[from] & 0xff) << 16 | (source[from + 1] & 0xff) << 8 | (source[from + 2] & 0xff);
      SHORT.set(to, at, BASE64_PAIRS[bits >>> 12]);
      SHORT.set(to, at + 2, BASE64_PAIRS[bits & 4095]);
      at += 4;
    }
    if (from < end) {
      int second = from + 1 < end ? source[from + 1] & 0xff : 0;
      int bits = (source[from] & 0xff) << 16 | second << 8;
      SHORT.set(to, at, BASE64_PAIRS[bits >>> 12]);
      to[at + 2] = from + 1 < end ? ALPHABET[bits >>> 6 & 63] : (byte) '=';
      to[at + 3] = '=';
      at += 4;
    }
    return at;
  }
}
