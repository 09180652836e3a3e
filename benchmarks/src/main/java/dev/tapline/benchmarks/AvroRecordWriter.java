package dev.tapline.benchmarks;

import dev.tapline.sink.parquet.compression.PageCodecs;
import dev.tapline.sink.parquet.schema.AvroSchemas;
import dev.tapline.sink.parquet.schema.FileSchema;
import dev.tapline.sink.parquet.schema.ValueType;
import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.batch.BooleanColumn;
import dev.tapline.spi.batch.BytesColumn;
import dev.tapline.spi.batch.Column;
import dev.tapline.spi.batch.DoubleColumn;
import dev.tapline.spi.batch.ListColumn;
import dev.tapline.spi.batch.LongColumn;
import dev.tapline.spi.catalog.DataType;
import dev.tapline.spi.catalog.DataType.Scalar;
import dev.tapline.spi.catalog.Temporals;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.JsonProperties;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.util.Utf8;
import org.apache.parquet.avro.AvroParquetWriter;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.jspecify.annotations.Nullable;

/// The rival: a generic record of each row, through parquet-avro, with the same compressor and the
/// same sizes.
final class AvroRecordWriter {
  private static final long ROW_GROUP = 64L << 20;

  private static final Schema UUID = Schema.createFixed("uuid16", null, null, 16);

  private final FileSchema fileSchema;
  private final Schema schema;
  private final PageCodecs codecs = new PageCodecs(1);

  AvroRecordWriter(FileSchema fileSchema) {
    this.fileSchema = fileSchema;
    this.schema = withBinaryUuids(AvroSchemas.of(fileSchema));
  }

  /// How large the file is.
  long write(Path file, List<Batch> batches) throws IOException {
    try (ParquetWriter<GenericRecord> writer =
        AvroParquetWriter.<GenericRecord>builder(new LocalOutputFile(file))
            .withSchema(schema)
            .withDataModel(GenericData.get())
            .withConf(new PlainParquetConfiguration())
            .withCodecFactory(codecs)
            .withCompressionCodec(CompressionCodecName.ZSTD)
            .withRowGroupSize(ROW_GROUP)
            .build()) {
      for (Batch batch : batches) {
        for (int row = 0; row < batch.rows(); row++) {
          writer.write(record(batch, row));
        }
      }
    }
    return Files.size(file);
  }

  // As text they would be a handicap.
  private static Schema withBinaryUuids(Schema schema) {
    List<Schema.Field> fields = new ArrayList<>();
    for (Schema.Field field : schema.getFields()) {
      boolean uuid = ValueType.UUID.name().equalsIgnoreCase(field.getProp("stored-as"));
      Schema type =
          uuid ? Schema.createUnion(Schema.create(Schema.Type.NULL), UUID) : field.schema();
      fields.add(new Schema.Field(field.name(), type, null, JsonProperties.NULL_VALUE));
    }
    return Schema.createRecord(schema.getName(), null, null, false, fields);
  }

  private GenericRecord record(Batch batch, int row) {
    GenericData.Record record = new GenericData.Record(schema);
    for (int i = 0; i < batch.columns().size(); i++) {
      Column column = batch.column(i);
      record.put(i, column.isNull(row) ? null : value(column, row, i));
    }
    return record;
  }

  private @Nullable Object value(Column column, int row, int field) {
    return switch (column) {
      case BooleanColumn values -> values.get(row);
      case LongColumn values -> number(values.type(), values.get(row));
      case DoubleColumn values -> values.get(row);
      case BytesColumn values ->
          bytes(values, row, fileSchema.fields().get(field).fieldType().kind());
      case ListColumn values -> {
        List<@Nullable Object> list = new ArrayList<>();
        for (int i = values.start(row); i < values.end(row); i++) {
          list.add(values.elements().isNull(i) ? null : value(values.elements(), i, field));
        }
        yield list;
      }
    };
  }

  private static Object number(DataType type, long value) {
    if (type instanceof DataType.Decimal) {
      return ByteBuffer.wrap(BigInteger.valueOf(value).toByteArray());
    }
    if (type == Scalar.INT32 || type == Scalar.DATE) {
      return (int) value;
    }
    return type == Scalar.TIMESTAMP_TZ ? value + Temporals.EPOCH_MICROS : value;
  }

  private static Object bytes(BytesColumn values, int row, ValueType kind) {
    byte[] copy = values.get(row);
    if (kind == ValueType.UUID) {
      return new GenericData.Fixed(UUID, copy);
    }
    return kind == ValueType.BYTES ? ByteBuffer.wrap(copy) : new Utf8(copy);
  }
}
