package dev.tapline.sink.parquet.avro;

import dev.tapline.sink.parquet.format.BatchBuilder;
import dev.tapline.sink.parquet.format.RowReader;
import dev.tapline.sink.parquet.schema.AvroSchemas;
import dev.tapline.sink.parquet.schema.ChangeField;
import dev.tapline.sink.parquet.schema.FieldType;
import dev.tapline.sink.parquet.schema.FileSchema;
import dev.tapline.sink.parquet.schema.ValueType;
import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.batch.Change;
import dev.tapline.spi.batch.Column;
import dev.tapline.spi.batch.ListColumn;
import dev.tapline.spi.batch.ListColumn.Dimensions;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/// Reads Avro files that this sink has written.
final class AvroRowReader implements RowReader {
  private final Path path;
  private final DataFileReader<GenericRecord> file;
  private final FileSchema fileSchema;
  private final BatchBuilder filler;

  AvroRowReader(Path path, Predicate<String> wanted) throws IOException {
    this.path = path;
    this.file = new DataFileReader<>(path.toFile(), new GenericDatumReader<>());
    try {
      this.fileSchema = AvroSchemas.fileSchemaOf(file.getSchema());
    } catch (RuntimeException e) {
      file.close();
      throw new IOException(path + " is not a file of this sink: " + e.getMessage(), e);
    }
    this.filler = new BatchBuilder(fileSchema, wanted);
  }

  FileSchema fileSchema() {
    return fileSchema;
  }

  @Override
  public Optional<Batch> next() throws IOException {
    Batch batch = filler.batch();
    batch.clear(0);
    try {
      while (!filler.isFull() && file.hasNext()) {
        row(file.next(), batch);
      }
    } catch (AvroRuntimeException e) {
      throw new IOException("cannot read " + path + ": " + e.getMessage(), e);
    }
    return batch.rows() == 0 ? Optional.empty() : Optional.of(batch);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  private void row(GenericRecord from, Batch batch) {
    Set<String> unchanged = new HashSet<>();
    Change change = Change.READ;
    long position = 0;
    long index = 0;
    if (fileSchema.changes()) {
      change = BatchBuilder.change(String.valueOf(change(from, ChangeField.OP)));
      position = number(change(from, ChangeField.LSN));
      index = number(change(from, ChangeField.SEQ));
      if (change(from, ChangeField.UNCHANGED) instanceof List<?> names) {
        names.forEach(name -> unchanged.add(String.valueOf(name)));
      }
    }
    for (int i = 0; i < fileSchema.tableSchema().size(); i++) {
      String name = fileSchema.tableSchema().fields().get(i).name();
      int column = batch.schema().indexOf(name);
      if (column >= 0 && unchanged.contains(name)) {
        batch.column(column).appendUnchanged();
      } else if (column >= 0) {
        append(batch.column(column), from.get(i), fileSchema.fields().get(i).fieldType());
      }
    }
    batch.endRow(change, position, index, 0, 0);
  }

  private @Nullable Object change(GenericRecord from, ChangeField field) {
    return from.get(field.fieldName());
  }

  private static long number(@Nullable Object value) {
    return value instanceof Number number ? number.longValue() : 0;
  }

  private static void append(Column to, @Nullable Object value, FieldType fieldType) {
    switch (value) {
      case null -> to.appendNull();
      case List<?> list -> list((ListColumn) to, list, fieldType);
      case Boolean truth -> BatchBuilder.add(to, truth);
      case Float number -> BatchBuilder.add(to, number.doubleValue());
      case Double number -> BatchBuilder.add(to, number);
      case Number number -> BatchBuilder.add(to, number.longValue());
      case ByteBuffer bytes -> bytes(to, bytes, fieldType);
      default -> text(to, value.toString(), fieldType);
    }
  }

  private static void bytes(Column to, ByteBuffer bytes, FieldType fieldType) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.duplicate().get(copy);
    if (fieldType.kind() == ValueType.DECIMAL) {
      BatchBuilder.addDecimal(to, new BigInteger(copy));
    } else {
      BatchBuilder.add(to, copy);
    }
  }

  private static void text(Column to, String text, FieldType fieldType) {
    if (fieldType.kind() == ValueType.UUID) {
      UUID uuid = UUID.fromString(text);
      BatchBuilder.add(
          to,
          ByteBuffer.allocate(16)
              .putLong(uuid.getMostSignificantBits())
              .putLong(uuid.getLeastSignificantBits())
              .array());
    } else {
      BatchBuilder.add(to, text.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static void list(ListColumn to, List<?> list, FieldType fieldType) {
    List<Integer> lengths = new ArrayList<>();
    Object inner = list;
    while (inner instanceof List<?> dimension && !dimension.isEmpty()) {
      lengths.add(dimension.size());
      inner = dimension.getFirst();
    }
    elements(to.elements(), list, fieldType.element());
    if (lengths.size() > 1) {
      to.endList(new Dimensions(lengths, Collections.nCopies(lengths.size(), 1)));
    } else {
      to.endList();
    }
  }

  private static void elements(Column to, List<?> list, FieldType element) {
    for (Object value : list) {
      if (value instanceof List<?> inner) {
        elements(to, inner, element);
      } else {
        append(to, value, element);
      }
    }
  }
}
