package dev.tapline.source.postgres.replication.wal2json;

import dev.tapline.source.postgres.codec.Encoding;
import dev.tapline.source.postgres.replication.routing.Tuple;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A cursor over the JSON that wal2json writes: no spaces, keys in a fixed order. What is expected
/// is compared in one go; only what is not is taken apart. `LogDecodeBenchmark` compares it with
/// Jackson's streaming parser.
///
/// Escaped text is put into its plain form in place, as it only gets shorter; [#rewind(int)] brings
/// back what stood there.
final class JsonCursor {
  private final Encoding encoding;
  private byte[] bytes = {};
  private byte @Nullable [] original;
  private int position;

  /// @param encoding the database's, in which wal2json writes
  JsonCursor(Encoding encoding) {
    this.encoding = encoding;
  }

  void on(byte[] message, int offset) {
    if (encoding.isUtf8AsItStands()) {
      bytes = message;
      position = offset;
    } else {
      // What JSON consists of is the same in every encoding of a server.
      bytes = encoding.toUtf8(message, offset, message.length - offset);
      position = 0;
    }
    original = null;
  }

  /// Begins a row of values that stand in this message.
  void begin(Tuple tuple) {
    tuple.begin(bytes, encoding);
  }

  /// Goes back, to read everything from `place` on once more.
  void rewind(int place) {
    byte[] kept = original;
    if (kept != null) {
      System.arraycopy(kept, place, bytes, place, bytes.length - place);
    }
    position = place;
  }

  byte[] bytes() {
    return bytes;
  }

  int position() {
    return position;
  }

  /// Goes forward.
  void moveTo(int place) {
    position = place;
  }

  byte peek() throws IOException {
    if (position >= bytes.length) {
      throw malformed();
    }
    return bytes[position];
  }

  /// Goes over `expected` if it stands here.
  boolean take(byte[] expected) {
    int end = position + expected.length;
    if (end > bytes.length || !Arrays.equals(bytes, position, end, expected, 0, expected.length)) {
      return false;
    }
    position = end;
    return true;
  }

  boolean take(char expected) {
    if (position < bytes.length && bytes[position] == expected) {
      position++;
      return true;
    }
    return false;
  }

  /// Goes to the next character of a kind, or to the end.
  void skipTo(char wanted) {
    while (position < bytes.length && bytes[position] != wanted) {
      position++;
    }
  }

  void expect(char expected) throws IOException {
    if (!take(expected)) {
      throw malformed();
    }
  }

  void expect(byte[] expected) throws IOException {
    if (!take(expected)) {
      throw malformed();
    }
  }

  /// Adds the value that stands here.
  void value(Tuple tuple) throws IOException {
    byte first = peek();
    if (first == '"') {
      position++;
      int start = position;
      int length = text();
      tuple.add(start, length);
    } else if (first == 'n') {
      position += 4;
      tuple.add(0, Tuple.NULL_OR_NO_NUMBER);
    } else {
      int start = position;
      skipBare();
      tuple.add(start, position - start);
    }
  }

  private void skipBare() throws IOException {
    int start = position;
    while (position < bytes.length) {
      byte c = bytes[position];
      if (c == ',' || c == '}' || c == ']') {
        break;
      }
      position++;
    }
    if (position == start) {
      throw malformed();
    }
  }

  /// A string; the cursor stands before its quote.
  String string() throws IOException {
    expect('"');
    int start = position;
    int length = text();
    return new String(bytes, start, length, StandardCharsets.UTF_8);
  }

  /// A whole number.
  long number() throws IOException {
    int start = position;
    skipBare();
    try {
      return Long.parseLong(new String(bytes, start, position - start, StandardCharsets.US_ASCII));
    } catch (NumberFormatException e) {
      throw new IOException(malformed().getMessage(), e);
    }
  }

  // Returns the length of the plain text, and stands behind the closing quote.
  private int text() throws IOException {
    byte[] data = bytes;
    int start = position;
    int at = start;
    while (at < data.length) {
      byte c = data[at];
      if (c == '"') {
        position = at + 1;
        return at - start;
      }
      if (c == '\\') {
        return escaped(start, at);
      }
      at++;
    }
    throw malformed();
  }

  private int escaped(int start, int firstEscape) throws IOException {
    byte[] data = bytes;
    if (original == null) {
      original = data.clone();
    }
    int to = firstEscape;
    int at = firstEscape;
    while (at < data.length) {
      byte c = data[at++];
      if (c == '"') {
        position = at;
        return to - start;
      }
      if (c != '\\') {
        data[to++] = c;
        continue;
      }
      if (at >= data.length) {
        break;
      }
      byte escape = data[at++];
      switch (escape) {
        case 'b' -> data[to++] = '\b';
        case 'f' -> data[to++] = '\f';
        case 'n' -> data[to++] = '\n';
        case 'r' -> data[to++] = '\r';
        case 't' -> data[to++] = '\t';
        case 'u' -> {
          // The server escapes only control characters so.
          data[to++] =
              (byte) Integer.parseInt(new String(data, at, 4, StandardCharsets.US_ASCII), 16);
          at += 4;
        }
        default -> data[to++] = escape;
      }
    }
    throw malformed();
  }

  IOException malformed() {
    return new IOException(
        "a message of wal2json is malformed at its byte "
            + position
            + ": "
            + new String(bytes, 0, Math.min(bytes.length, 200), StandardCharsets.UTF_8));
  }
}
