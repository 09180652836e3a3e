package dev.tapline.sink.jsonl.encoding;

import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.batch.Change;
import dev.tapline.spi.sink.GrowingClock;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// Encodes the metadata fields of rows. Rows that do not come from a log share most fields with the
/// whole batch: these are encoded once.
final class MetadataEncoder {
  private static final int OPERATION_LENGTH = 3;

  private final MetadataField[] fields;
  private final byte[][] prefixes;
  private final byte[] destination;
  private final long version;
  private final GrowingClock clock;
  private final boolean numbersRows;
  private final JsonBuffer collected;
  private byte[] ofBatch = {};
  private long receivedAt;
  private long sequence;

  MetadataEncoder(Metadata metadata, String destination, long version, GrowingClock clock) {
    this.destination = JsonText.quoted(destination);
    List<MetadataField> written = new ArrayList<>(metadata.names().keySet());
    written.remove(MetadataField.JSON_NULL);
    this.fields = written.toArray(MetadataField[]::new);
    this.prefixes = new byte[fields.length][];
    for (int i = 0; i < fields.length; i++) {
      prefixes[i] = JsonRowEncoder.prefix(nameOf(metadata.names(), fields[i]));
    }
    this.version = version;
    this.clock = clock;
    this.numbersRows = written.contains(MetadataField.SDC_SEQUENCE);
    this.collected =
        new JsonBuffer(
            (bytes, offset, length) -> {
              throw new IllegalStateException("the names of metadata fields are too long");
            },
            1 << 16);
  }

  /// Prepares for a batch.
  ///
  /// @param now the time at which the sink received it, as a `TIMESTAMP_TZ`
  void begin(Batch batch, long now) throws IOException {
    receivedAt = now;
    if (numbersRows && batch.rows() > 0) {
      sequence = clock.next(batch.rows());
    }
    if (!numbersRows && batch.onlyReads() && batch.rows() > 0) {
      collected.discard();
      writeFields(collected, batch, 0, ',');
      ofBatch = Arrays.copyOf(collected.bytes, collected.position);
    }
  }

  /// Writes the fields of a row.
  ///
  /// @param opening the character before the first field
  /// @return the character before the next field
  int write(JsonBuffer out, Batch batch, int row, int opening) throws IOException {
    if (numbersRows || !batch.onlyReads()) {
      return writeFields(out, batch, row, opening);
    }
    if (ofBatch.length == 0) {
      return opening;
    }
    out.put(ofBatch, opening);
    return ',';
  }

  private int writeFields(JsonBuffer out, Batch batch, int row, int opening) throws IOException {
    Change change = batch.change(row);
    int open = opening;
    for (int i = 0; i < fields.length; i++) {
      if (applies(fields[i], change)) {
        out.put(prefixes[i], open);
        writeValue(out, fields[i], batch, row);
        open = ',';
      }
    }
    return open;
  }

  private static boolean applies(MetadataField field, Change change) {
    return switch (field) {
      case LSN, SEQUENCE, COMMITTED_AT, TRANSACTION -> change != Change.READ;
      case DELETED_AT, SDC_DELETED_AT -> change == Change.DELETE;
      default -> true;
    };
  }

  private void writeValue(JsonBuffer out, MetadataField field, Batch batch, int row)
      throws IOException {
    switch (field) {
      case STREAM -> out.put(destination);
      case OPERATION -> writeOperation(out, batch.change(row));
      case LSN -> writeLsn(out, batch.commitPosition(row));
      case SEQUENCE -> writeNumber(out, batch.index(row));
      case TRANSACTION -> writeNumber(out, batch.transaction(row));
      case SDC_SEQUENCE -> writeNumber(out, sequence++);
      case SDC_TABLE_VERSION -> writeNumber(out, version);
      case EXTRACTED_AT, SDC_EXTRACTED_AT ->
          LongEncoders.writeTimestamp(out, batch.extractedAt(), true);
      case SDC_RECEIVED_AT, SDC_BATCHED_AT -> LongEncoders.writeTimestamp(out, receivedAt, true);
      case COMMITTED_AT, DELETED_AT, SDC_DELETED_AT ->
          LongEncoders.writeTimestamp(out, batch.commitTime(row), true);
      case JSON_NULL -> throw new IllegalStateException("written with the row's columns");
    }
  }

  private static void writeOperation(JsonBuffer out, Change change) throws IOException {
    out.ensure(OPERATION_LENGTH);
    out.bytes[out.position++] = '"';
    out.bytes[out.position++] =
        (byte)
            switch (change) {
              case READ -> 'r';
              case INSERT -> 'i';
              case UPDATE -> 'u';
              case DELETE -> 'd';
              case TRUNCATE -> 't';
            };
    out.bytes[out.position++] = '"';
  }

  private static void writeNumber(JsonBuffer out, long value) throws IOException {
    out.ensure(NumberText.MAX_LENGTH);
    out.position = NumberText.write(out.bytes, out.position, value);
  }

  // PostgreSQL's form: both halves in hexadecimal, without leading zeros.
  private static void writeLsn(JsonBuffer out, long position) throws IOException {
    out.put('"');
    writeHex(out, position >>> 32);
    out.put('/');
    writeHex(out, position & 0xffff_ffffL);
    out.put('"');
  }

  private static void writeHex(JsonBuffer out, long value) throws IOException {
    int shift = Math.max(0, (63 - Long.numberOfLeadingZeros(value)) / 4 * 4);
    for (; shift >= 0; shift -= 4) {
      out.put(Character.toUpperCase(Character.forDigit((int) (value >>> shift) & 15, 16)));
    }
  }

  private static String nameOf(Map<MetadataField, String> names, MetadataField field) {
    return names.getOrDefault(field, field.standardName());
  }
}
