package dev.tapline.sink.parquet;

import dev.tapline.files.DataFile;
import dev.tapline.sink.parquet.compression.PageCodecs;
import dev.tapline.sink.parquet.encoding.FieldEncoder;
import dev.tapline.sink.parquet.format.FileFormat;
import dev.tapline.sink.parquet.format.RowReader;
import dev.tapline.sink.parquet.format.RowWriter;
import dev.tapline.sink.parquet.reader.ParquetRowReader;
import dev.tapline.sink.parquet.schema.AvroSchemas;
import dev.tapline.sink.parquet.schema.FileSchema;
import dev.tapline.sink.parquet.writer.ColumnWorkers;
import dev.tapline.sink.parquet.writer.DictionaryAdvisor;
import dev.tapline.sink.parquet.writer.ParquetRowWriter;
import dev.tapline.sink.parquet.writer.ParquetWriterConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;

/// Writes and reads Parquet files.
public final class ParquetFormat implements FileFormat {
  private final ParquetWriterConfig config;
  private final PageCodecs codecs;
  private final ColumnWorkers workers;
  private final DictionaryAdvisor dictionaries = new DictionaryAdvisor();

  /// @param cores how many threads may encode columns
  public ParquetFormat(ParquetWriterConfig config, int cores) {
    this.config = config;
    this.codecs = new PageCodecs(config.level());
    this.workers = new ColumnWorkers(cores);
  }

  @Override
  public RowWriter create(DataFile file, FileSchema fileSchema, List<FieldEncoder> encoders)
      throws IOException {
    return new ParquetRowWriter(
        file,
        fileSchema,
        encoders,
        config,
        codecs,
        workers,
        dictionaries,
        AvroSchemas.footer(fileSchema));
  }

  @Override
  public RowReader open(Path path, Predicate<String> columns) throws IOException {
    return new ParquetRowReader(path, codecs, columns);
  }

  @Override
  public FileSchema readSchema(Path path) throws IOException {
    return ParquetRowReader.readSchema(path);
  }

  @Override
  public void enter() {
    workers.enter();
  }

  @Override
  public void leave() {
    workers.leave();
  }

  @Override
  public void close() {
    workers.close();
    codecs.close();
  }
}
