package dev.tapline.sink.jsonl.encoding;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Writes UTF-8 as JSON strings, and JSON documents on one line.
///
/// Both inspect eight bytes at a time in a long (SWAR, "SIMD within a register"), and copy bytes
/// that need no escape.
public final class JsonText {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;

  // A byte becomes six at most; copies write up to seven bytes too many.
  private static final int PIECE = 4096;
  private static final int MAX_PER_BYTE = 6;
  private static final int OVERRUN = 8;

  private static final byte[] HEX = Ascii.bytes("0123456789abcdef");
  private static final byte[] SHORT_ESCAPES = new byte[128];

  static {
    SHORT_ESCAPES['"'] = '"';
    SHORT_ESCAPES['\\'] = '\\';
    SHORT_ESCAPES['\n'] = 'n';
    SHORT_ESCAPES['\r'] = 'r';
    SHORT_ESCAPES['\t'] = 't';
    SHORT_ESCAPES['\b'] = 'b';
    SHORT_ESCAPES['\f'] = 'f';
  }

  private JsonText() {}

  /// Text as a JSON string with quotes.
  public static String quote(String text) {
    return new String(quoted(text), StandardCharsets.UTF_8);
  }

  static byte[] quoted(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    byte[] to = new byte[utf8.length * MAX_PER_BYTE + OVERRUN + 2];
    to[0] = '"';
    int end = escape(utf8, 0, utf8.length, to, 1);
    to[end] = '"';
    return Arrays.copyOf(to, end + 1);
  }

  /// Writes UTF-8 as a JSON string with quotes.
  static void writeString(byte[] source, int start, int end, JsonBuffer out) throws IOException {
    int length = end - start;
    if (length <= PIECE && isClean(source, start, end)) {
      out.ensure(length + 2);
      int at = out.position;
      out.bytes[at] = '"';
      System.arraycopy(source, start, out.bytes, at + 1, length);
      out.bytes[at + 1 + length] = '"';
      out.position = at + length + 2;
      return;
    }
    out.put('"');
    for (int from = start; from < end; from += PIECE) {
      int to = Math.min(end, from + PIECE);
      out.ensure((to - from) * MAX_PER_BYTE + OVERRUN);
      out.position = escape(source, from, to, out.bytes, out.position);
    }
    out.put('"');
  }

  /// Writes a JSON document, with spaces instead of line ends and tabs. These can only occur
  /// between tokens, since JSON does not allow them in strings.
  static void writeDocument(byte[] source, int start, int end, JsonBuffer out) throws IOException {
    for (int from = start; from < end; from += PIECE) {
      int to = Math.min(end, from + PIECE);
      out.ensure(to - from + OVERRUN);
      out.position = flatten(source, from, to, out.bytes, out.position);
    }
  }

  /// Whether the document is `null`; no other begins with an n.
  static boolean isNullDocument(byte[] source, int start, int end) {
    int i = start;
    while (i < end && source[i] <= ' ' && source[i] >= 0) {
      i++;
    }
    return i < end && source[i] == 'n';
  }

  // Most text is clean. Checking all of it first and copying it at once is faster than copying word
  // by word, where the target of each word depends on the one before (JsonEncodeBenchmark).
  private static boolean isClean(byte[] source, int start, int end) {
    long marks = 0;
    int from = start;
    for (; from <= end - Long.BYTES; from += Long.BYTES) {
      marks |= toEscape((long) LONG.get(source, from));
    }
    if (marks != 0) {
      return false;
    }
    if (end - start >= Long.BYTES) {
      return from == end || toEscape((long) LONG.get(source, end - Long.BYTES)) == 0;
    }
    for (; from < end; from++) {
      if (needsEscape(source[from])) {
        return false;
      }
    }
    return true;
  }

  private static int escape(byte[] source, int start, int end, byte[] to, int at) {
    int from = start;
    int position = at;
    while (from < end) {
      int ready = end - from;
      if (source.length - from >= Long.BYTES) {
        long eight = (long) LONG.get(source, from);
        LONG.set(to, position, eight);
        int clean = Math.min(ready, Long.numberOfTrailingZeros(toEscape(eight)) >>> 3);
        position += clean;
        from += clean;
        if (clean == Math.min(ready, Long.BYTES)) {
          continue;
        }
      } else if (!needsEscape(source[from])) {
        to[position++] = source[from++];
        continue;
      }
      position = escapeOne(source[from++], to, position);
    }
    return position;
  }

  private static int flatten(byte[] source, int start, int end, byte[] to, int at) {
    int from = start;
    int position = at;
    while (from < end) {
      if (source.length - from >= Long.BYTES) {
        long eight = (long) LONG.get(source, from);
        LONG.set(to, position, eight);
        int limit = Math.min(end - from, Long.BYTES);
        int clean = Math.min(limit, Long.numberOfTrailingZeros(controls(eight)) >>> 3);
        position += clean;
        from += clean;
        if (clean == limit) {
          continue;
        }
      }
      byte next = source[from++];
      to[position++] = next >= 0 && next < ' ' ? (byte) ' ' : next;
    }
    return position;
  }

  // Sets the highest bit of each byte that is below 0x20, a quote or a backslash. A borrow can mark
  // a byte wrongly only above one that is marked correctly, and only the lowest mark is used.
  private static long toEscape(long eight) {
    long quotes = eight ^ ONES * '"';
    long backslashes = eight ^ ONES * '\\';
    return controls(eight)
        | ((quotes - ONES) & ~quotes & HIGHS)
        | ((backslashes - ONES) & ~backslashes & HIGHS);
  }

  private static long controls(long eight) {
    return (eight - ONES * ' ') & ~eight & HIGHS;
  }

  private static boolean needsEscape(byte value) {
    return (value >= 0 && value < ' ') || value == '"' || value == '\\';
  }

  private static int escapeOne(byte value, byte[] to, int at) {
    int position = at;
    to[position++] = '\\';
    if (SHORT_ESCAPES[value] != 0) {
      to[position++] = SHORT_ESCAPES[value];
      return position;
    }
    to[position++] = 'u';
    to[position++] = '0';
    to[position++] = '0';
    to[position++] = HEX[value >>> 4];
    to[position++] = HEX[value & 15];
    return position;
  }
}
