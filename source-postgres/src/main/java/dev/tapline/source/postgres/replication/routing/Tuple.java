package dev.tapline.source.postgres.replication.routing;

import dev.tapline.source.postgres.codec.Encoding;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/// Where the values of one row stand in a message. Reused for each row.
public final class Tuple {
  /// The length of a value that is NULL.
  public static final int NULL = -1;

  /// The length of a value that the log does not carry, since it did not change.
  public static final int UNCHANGED = -2;

  /// The length of a value that is NULL, or NaN or an infinity where the column can hold such:
  /// `wal2json` writes the same for all of them.
  public static final int NULL_OR_NO_NUMBER = -3;

  private byte[] data = {};
  private int[] starts = new int[32];
  private int[] lengths = new int[32];
  private boolean[] binary = new boolean[32];
  private int size;
  private Encoding encoding = Encoding.UTF8;

  /// Begins a row whose values stand in `bytes`.
  public void begin(byte[] bytes) {
    begin(bytes, Encoding.UTF8);
  }

  /// Begins a row whose values stand in `bytes`, where texts are in UTF-8 but may hold what is no
  /// text, since they were in `stored` and the server has not converted them.
  public void begin(byte[] bytes, Encoding stored) {
    data = bytes;
    size = 0;
    encoding = stored;
  }

  /// Puts all values, which are texts, from their encoding into UTF-8.
  public void toUtf8() {
    ByteArrayOutputStream converted = new ByteArrayOutputStream();
    for (int i = 0; i < size; i++) {
      if (lengths[i] > 0) {
        byte[] text = encoding.toUtf8(data, starts[i], lengths[i]);
        starts[i] = converted.size();
        lengths[i] = text.length;
        converted.writeBytes(text);
      }
    }
    data = converted.toByteArray();
  }

  /// What the texts were in, if they may hold what is no text; else UTF-8.
  public Encoding encoding() {
    return encoding;
  }

  /// Adds a value whose text of `length` bytes stands at `start`, or one of the lengths that stand
  /// for none.
  public void add(int start, int length) {
    add(start, length, false);
  }

  /// Adds a value whose binary form of `length` bytes stands at `start`.
  public void addBinary(int start, int length) {
    add(start, length, true);
  }

  private void add(int start, int length, boolean inBinary) {
    if (size == starts.length) {
      starts = Arrays.copyOf(starts, size * 2);
      lengths = Arrays.copyOf(lengths, size * 2);
      binary = Arrays.copyOf(binary, size * 2);
    }
    starts[size] = start;
    binary[size] = inBinary;
    lengths[size++] = length;
  }

  /// How many values there are.
  public int size() {
    return size;
  }

  /// Where the values stand.
  public byte[] data() {
    return data;
  }

  /// Where a value begins.
  public int start(int column) {
    return starts[column];
  }

  /// A value's length, or [#NULL] or [#UNCHANGED].
  public int length(int column) {
    return lengths[column];
  }

  /// Whether a value stands there in its binary form, and not as text.
  public boolean isBinary(int column) {
    return binary[column];
  }

  // NULLs are equal here: what matters is whether it is the same row.
  static boolean sameValue(Tuple one, Tuple other, int column) {
    int length = one.lengths[column];
    if (length != other.lengths[column]) {
      return false;
    }
    return length <= 0
        || Arrays.equals(
            one.data,
            one.starts[column],
            one.starts[column] + length,
            other.data,
            other.starts[column],
            other.starts[column] + length);
  }
}
