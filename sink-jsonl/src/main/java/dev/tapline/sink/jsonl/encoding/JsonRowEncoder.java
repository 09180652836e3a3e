package dev.tapline.sink.jsonl.encoding;

import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.batch.Change;
import dev.tapline.spi.batch.Column;
import dev.tapline.spi.catalog.DataType;
import dev.tapline.spi.catalog.Field;
import dev.tapline.spi.catalog.Schema;
import dev.tapline.spi.sink.GrowingClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Encodes the rows of one schema as JSON objects, one per line. Not thread-safe.
///
/// ```java
/// JsonBuffer out = new JsonBuffer((bytes, offset, length) -> stream.write(bytes, offset, length));
/// JsonRowEncoder encoder = new JsonRowEncoder(schema, RowFormat.of(Metadata.NONE), "orders", 1, clock);
/// encoder.write(batch, out, now);
/// out.drain();
/// ```
///
/// For the format of each type see `docs/types.md`. An unchanged value is left out; a TRUNCATE has
/// only metadata.
public final class JsonRowEncoder {
  private static final byte[] NULL = Ascii.bytes("null");
  private static final byte[] EMPTY = {};
  private static final byte[] LINE_END = {'\n'};

  private final Schema schema;
  private final byte[][] prefixes;
  private final ValueEncoder[] encoders;
  private final boolean[] documents;
  private final Column[] columns;
  private final MetadataEncoder metadata;
  private final boolean tellsAll;
  private final boolean tellsDeletes;
  private final boolean tellsTruncates;
  private final byte @Nullable [] nullDocumentPrefix;
  private final int[] nullDocuments;
  private int nullDocumentCount;
  private boolean deletesSayNoNulls;
  private byte[] before = EMPTY;
  private byte[] after = LINE_END;

  /// Creates an encoder for batches of one schema.
  ///
  /// @param destination the stream's destination, for metadata
  /// @param version the stream's version, for metadata
  /// @param clock numbers rows, for metadata
  public JsonRowEncoder(
      Schema schema, RowFormat format, String destination, long version, GrowingClock clock) {
    int size = schema.size();
    this.schema = schema;
    this.prefixes = new byte[size][];
    this.encoders = new ValueEncoder[size];
    this.documents = new boolean[size];
    this.columns = new Column[size];
    this.nullDocuments = new int[size];
    for (int i = 0; i < size; i++) {
      Field field = schema.fields().get(i);
      prefixes[i] = prefix(field.name());
      encoders[i] = encoder(field.type(), format);
      documents[i] = field.type() == DataType.Scalar.JSON && format.json() == JsonPolicy.EMBED;
    }
    String nullDocumentName = format.metadata().names().get(MetadataField.JSON_NULL);
    this.nullDocumentPrefix = nullDocumentName == null ? null : prefix(nullDocumentName);
    this.tellsDeletes = format.metadata().tells(Change.DELETE);
    this.tellsTruncates = format.metadata().tells(Change.TRUNCATE);
    this.tellsAll = tellsDeletes && tellsTruncates;
    this.metadata = new MetadataEncoder(format.metadata(), destination, version, clock);
  }

  /// The schema of the batches.
  public Schema schema() {
    return schema;
  }

  /// Sets text before and after each object; the latter must end the line.
  public void frame(String textBefore, String textAfter) {
    before = textBefore.getBytes(StandardCharsets.UTF_8);
    after = textAfter.getBytes(StandardCharsets.UTF_8);
  }

  /// Leaves NULL columns out of deleted rows, since most are NULL only because the log lacks them.
  public void leaveNullsOutOfDeletes() {
    deletesSayNoNulls = true;
  }

  /// Writes all rows. The caller drains the rest from the buffer.
  ///
  /// @param now the time at which the sink received the rows, as a `TIMESTAMP_TZ`
  /// @throws IOException if the buffer's target fails, or a value cannot be written
  public void write(Batch batch, JsonBuffer out, long now) throws IOException {
    List<Column> source = batch.columns();
    for (int i = 0; i < columns.length; i++) {
      columns[i] = source.get(i);
      encoders[i].bind(columns[i]);
    }
    metadata.begin(batch, now);
    boolean onlyReads = batch.onlyReads();
    if (!onlyReads && !tellsAll) {
      requireTold(batch);
    }
    for (int row = 0; row < batch.rows(); row++) {
      if (before.length > 0) {
        out.put(before);
      }
      int open = '{';
      if (onlyReads || batch.change(row) != Change.TRUNCATE) {
        open =
            writeColumns(
                out, row, deletesSayNoNulls && !onlyReads && batch.change(row) == Change.DELETE);
      }
      open = metadata.write(out, batch, row, open);
      if (nullDocumentCount > 0) {
        open = writeNullDocuments(batch, out, open);
      }
      if (open == '{') {
        out.put('{');
      }
      out.put('}');
      out.put(after);
      out.endRow();
    }
  }

  private void requireTold(Batch batch) throws IOException {
    for (int row = 0; row < batch.rows(); row++) {
      boolean delete = batch.change(row) == Change.DELETE && !tellsDeletes;
      if (delete || (batch.change(row) == Change.TRUNCATE && !tellsTruncates)) {
        throw new IOException(
            ("stream %s: a %s cannot be told from a row without the metadata field '%s'; keep it, or add it"
                    + " with metadata-fields: {%s: %s}")
                .formatted(
                    batch.stream(),
                    delete ? "DELETE" : "TRUNCATE",
                    MetadataField.OPERATION.standardName(),
                    MetadataField.OPERATION.standardName(),
                    MetadataField.OPERATION.standardName()));
      }
    }
  }

  /// `,"name":`; the comma is replaced by a brace if the field is the first.
  static byte[] prefix(String name) {
    byte[] quoted = JsonText.quoted(name);
    byte[] prefix = new byte[quoted.length + 2];
    prefix[0] = ',';
    System.arraycopy(quoted, 0, prefix, 1, quoted.length);
    prefix[prefix.length - 1] = ':';
    return prefix;
  }

  private int writeColumns(JsonBuffer out, int row, boolean withoutNulls) throws IOException {
    int open = '{';
    for (int i = 0; i < columns.length; i++) {
      Column column = columns[i];
      if (column.isUnchanged(row) || (withoutNulls && column.isNull(row))) {
        continue;
      }
      out.put(prefixes[i], open);
      open = ',';
      if (column.isNull(row)) {
        out.put(NULL);
      } else {
        encoders[i].write(out, row);
        if (documents[i] && encoders[i].isNullDocument(row)) {
          nullDocuments[nullDocumentCount++] = i;
        }
      }
    }
    return open;
  }

  private int writeNullDocuments(Batch batch, JsonBuffer out, int open) throws IOException {
    if (nullDocumentPrefix == null) {
      String name = schema.fields().get(nullDocuments[0]).name();
      nullDocumentCount = 0;
      throw new IOException(
          ("stream %s: the column '%s' holds a JSON null, which without the metadata field '%s' looks"
                  + " like NULL; keep that field or set json: text")
              .formatted(batch.stream(), name, MetadataField.JSON_NULL.standardName()));
    }
    out.put(nullDocumentPrefix, open);
    for (int i = 0; i < nullDocumentCount; i++) {
      out.put(i == 0 ? '[' : ',');
      byte[] prefix = prefixes[nullDocuments[i]];
      for (int at = 1; at < prefix.length - 1; at++) {
        out.put(prefix[at]);
      }
    }
    out.put(']');
    nullDocumentCount = 0;
    return ',';
  }

  private static ValueEncoder encoder(DataType type, RowFormat format) {
    return switch (type) {
      case DataType.Decimal decimal ->
          decimal.fitsLong()
              ? new LongEncoders.Scaled(decimal.scale())
              : new BytesEncoders.Numeral();
      case DataType.Enumeration words -> new BytesEncoders.Text();
      case DataType.ListOf list -> new ListEncoder(list, encoder(list.element(), format));
      case DataType.Scalar scalar -> encoder(scalar, format);
    };
  }

  private static ValueEncoder encoder(DataType.Scalar type, RowFormat format) {
    return switch (type) {
      case BOOLEAN -> new PrimitiveEncoders.Truth();
      case INT16, INT32, INT64 -> new LongEncoders.Whole();
      case FLOAT32 -> new PrimitiveEncoders.SinglePrecision();
      case FLOAT64 -> new PrimitiveEncoders.DoublePrecision();
      case DATE -> new LongEncoders.Date();
      case TIME -> new LongEncoders.Time();
      case TIMESTAMP -> new LongEncoders.Timestamp(!format.zoneless());
      case TIMESTAMP_TZ -> new LongEncoders.Timestamp(true);
      case TEXT, OPAQUE -> new BytesEncoders.Text();
      case JSON ->
          format.json() == JsonPolicy.EMBED
              ? new BytesEncoders.Document()
              : new BytesEncoders.Text();
      case BYTES -> new BytesEncoders.Base64();
      case UUID -> new BytesEncoders.Uuid();
    };
  }
}
