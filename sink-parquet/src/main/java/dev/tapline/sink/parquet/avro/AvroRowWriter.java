package dev.tapline.sink.parquet.avro;

import dev.tapline.files.DataFile;
import dev.tapline.sink.parquet.encoding.FieldEncoder;
import dev.tapline.sink.parquet.format.RowWriter;
import dev.tapline.sink.parquet.schema.AvroSchemas;
import dev.tapline.sink.parquet.schema.FileSchema;
import dev.tapline.spi.batch.Batch;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/// Writes an Avro container file. Rows are encoded here, blocks by the library.
final class AvroRowWriter implements RowWriter {
  private static final int BLOCK = 256 << 10;

  private final List<FieldEncoder> encoders;
  private final DataFile file;
  private final DataFileWriter<Object> writer;
  private final ByteArrayOutputStream row = new ByteArrayOutputStream(1024);
  private final BinaryEncoder binary = EncoderFactory.get().directBinaryEncoder(row, null);
  private final AvroValueEncoder target = new AvroValueEncoder(binary);

  AvroRowWriter(
      DataFile file, FileSchema fileSchema, List<FieldEncoder> encoders, CodecFactory codec)
      throws IOException {
    this.encoders = encoders;
    this.file = file;
    this.writer = new DataFileWriter<>(new GenericDatumWriter<>());
    try {
      writer
          .setCodec(codec)
          .setSyncInterval(BLOCK)
          .create(AvroSchemas.of(fileSchema), file.stream());
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  @Override
  public void write(Batch batch, int from, int to) throws IOException {
    for (int i = from; i < to; i++) {
      row.reset();
      for (FieldEncoder encoder : encoders) {
        encoder.row(batch, i, target);
      }
      writer.appendEncoded(ByteBuffer.wrap(row.toByteArray()));
    }
  }

  // Only a block is buffered, which is small.
  @Override
  public long bufferedBytes() {
    return 0;
  }

  @Override
  public long uploadBytes() {
    return file.bufferedBytes();
  }

  @Override
  public long size() {
    return file.size();
  }

  @Override
  public void flush() throws IOException {
    writer.flush();
  }

  @Override
  public void finish() throws IOException {
    writer.close();
    file.finish();
  }

  @Override
  public void close() throws IOException {
    file.abandon();
    try (file) {
      writer.close();
    }
  }
}
