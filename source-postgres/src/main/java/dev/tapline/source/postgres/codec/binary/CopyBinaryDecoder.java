package dev.tapline.source.postgres.codec.binary;

import dev.tapline.source.postgres.codec.BigEndian;
import dev.tapline.source.postgres.codec.FieldDecoder;
import dev.tapline.source.postgres.codec.WireFormat;
import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.batch.Column;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Decodes the output of `COPY ... TO STDOUT (FORMAT binary)` into a batch: a signature, then for
/// each row the number of its fields and the fields, each with its length, and finally the number
/// -1.
///
/// Bound to one batch, whose columns it fills. For use by one thread at a time.
public final class CopyBinaryDecoder {
  private static final byte[] SIGNATURE = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0
  };
  private static final int FLAGS = SIGNATURE.length;
  private static final int EXTENSION = FLAGS + Integer.BYTES;
  private static final int HEADER = EXTENSION + Integer.BYTES;
  private static final int TRAILER = -1;

  private final Batch batch;
  private final FieldDecoder[] decoders;
  private final int trailing;
  private final @Nullable RowFilter filter;
  private boolean begun;
  private boolean ended;

  /// Decides about rows before they are decoded.
  @FunctionalInterface
  public interface RowFilter {
    /// Whether the row is added to the batch.
    ///
    /// @param message holds the row
    /// @param from where its first field begins
    /// @param trailing where its first field begins that is no column of the batch
    /// @param to where it ends
    boolean accept(byte[] message, int from, int trailing, int to) throws IOException;
  }

  /// @param batch where the rows go
  /// @param wires how the values of each field arrive, in the order of the batch's columns
  public CopyBinaryDecoder(Batch batch, List<WireFormat> wires) {
    this(batch, wires, 0, null);
  }

  /// @param batch where the rows go
  /// @param wires how the values of each field arrive, in the order of the batch's columns
  /// @param trailing how many more fields each row has, which are no columns of the batch
  /// @param filter decides about rows; without it all are added
  public CopyBinaryDecoder(
      Batch batch, List<WireFormat> wires, int trailing, @Nullable RowFilter filter) {
    this.trailing = trailing;
    this.filter = filter;
    List<Column> columns = batch.columns();
    if (wires.size() != columns.size()) {
      throw new IllegalArgumentException(
          wires.size() + " wire forms for " + columns.size() + " columns");
    }
    this.batch = batch;
    this.decoders = new FieldDecoder[wires.size()];
    for (int i = 0; i < decoders.length; i++) {
      decoders[i] = BinaryDecoders.of(wires.get(i), columns.get(i));
    }
  }

  /// Adds the rows of one CopyData message, which holds whole rows, with the signature before the
  /// first.
  ///
  /// @throws IOException if it is not what the fields' types promise; the batch is then unusable
  public void decode(byte[] message) throws IOException {
    int position = begun ? 0 : header(message);
    while (position < message.length) {
      require(message.length - position >= Short.BYTES && !ended);
      int fields = BigEndian.int16(message, position);
      position += Short.BYTES;
      if (fields == TRAILER) {
        ended = true;
      } else {
        position = row(message, position, fields);
      }
    }
  }

  /// Whether the end was announced. Without it the rows are not complete.
  public boolean ended() {
    return ended;
  }

  private int row(byte[] message, int start, int fields) throws IOException {
    FieldDecoder[] fieldDecoders = decoders;
    require(fields == fieldDecoders.length + trailing);
    int position = start;
    int end = -1;
    if (filter != null) {
      int extra = skip(message, start, fieldDecoders.length);
      end = skip(message, extra, trailing);
      if (!filter.accept(message, start, extra, end)) {
        return end;
      }
    }
    for (FieldDecoder decoder : fieldDecoders) {
      require(message.length - position >= Integer.BYTES);
      int length = BigEndian.int32(message, position);
      position += Integer.BYTES;
      if (length >= 0) {
        require(length <= message.length - position);
        decoder.decode(message, position, length);
        position += length;
      } else {
        decoder.column().appendNull();
      }
    }
    batch.endRow();
    return end < 0 ? skip(message, position, trailing) : end;
  }

  private static int skip(byte[] message, int start, int fields) throws IOException {
    int position = start;
    for (int i = 0; i < fields; i++) {
      require(message.length - position >= Integer.BYTES);
      int length = BigEndian.int32(message, position);
      position += Integer.BYTES;
      if (length >= 0) {
        require(length <= message.length - position);
        position += length;
      }
    }
    return position;
  }

  private int header(byte[] message) throws IOException {
    require(message.length >= HEADER);
    for (int i = 0; i < SIGNATURE.length; i++) {
      require(message[i] == SIGNATURE[i]);
    }
    int flags = BigEndian.int32(message, FLAGS);
    if (flags != 0) {
      throw new IOException("the server sends binary COPY with flags that are not known: " + flags);
    }
    int extension = BigEndian.int32(message, EXTENSION);
    require(extension >= 0 && extension <= message.length - HEADER);
    begun = true;
    return HEADER + extension;
  }

  private static void require(boolean condition) throws IOException {
    if (!condition) {
      throw new IOException("the server's binary COPY data is malformed");
    }
  }
}
