package dev.tapline.sink.parquet.writer;

import dev.tapline.files.DataFile;
import dev.tapline.sink.parquet.compression.PageCodecs;
import dev.tapline.sink.parquet.encoding.FieldEncoder;
import dev.tapline.sink.parquet.format.RowWriter;
import dev.tapline.sink.parquet.schema.FileSchema;
import dev.tapline.sink.parquet.schema.ParquetSchemas;
import dev.tapline.spi.batch.Batch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.crypto.FileEncryptionProperties;
import org.apache.parquet.format.SortingColumn;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.schema.MessageType;
import org.jspecify.annotations.Nullable;

/// Writes a Parquet file.
public final class ParquetRowWriter implements RowWriter {
  private final FileSchema fileSchema;
  private final List<FieldEncoder> encoders;
  private final ParquetWriterConfig config;
  private final PageCodecs codecs;
  private final ColumnWorkers workers;
  private final DictionaryAdvisor dictionaries;
  private final Map<String, String> metadata;
  private final MessageType schema;
  private final DataFile file;
  private final DataFileOutput output;
  private final ParquetFileWriter writer;
  private final List<SortOrderDetector> sortOrders = new ArrayList<>();
  private @Nullable RowGroupWriter rowGroup;
  private long bufferedBytes;
  private long heldBytes;

  /// @param metadata key-value metadata for the footer
  /// @throws IOException if the file cannot be started
  public ParquetRowWriter(
      DataFile file,
      FileSchema fileSchema,
      List<FieldEncoder> encoders,
      ParquetWriterConfig config,
      PageCodecs codecs,
      ColumnWorkers workers,
      DictionaryAdvisor dictionaries,
      Map<String, String> metadata)
      throws IOException {
    this.fileSchema = fileSchema;
    this.encoders = encoders;
    this.config = config;
    this.codecs = codecs;
    this.workers = workers;
    this.dictionaries = dictionaries;
    this.metadata = metadata;
    this.schema = ParquetSchemas.of(fileSchema);
    this.file = file;
    this.output = new DataFileOutput(file);
    this.writer = open();
  }

  @Override
  public void write(Batch batch, int from, int to) throws IOException, InterruptedException {
    RowGroupWriter group = rowGroup;
    if (group == null) {
      if (config.dictionary()) {
        dictionaries.sample(schema, batch, from, to);
      }
      group = new RowGroupWriter(fileSchema, schema, encoders, properties(), codecs, config);
      rowGroup = group;
      sortOrders.add(SortOrderDetector.of(fileSchema, config.sortingColumns()));
    }
    sortOrders.getLast().observe(batch, from, to);
    group.write(batch, from, to, workers);
    bufferedBytes = group.bufferedBytes();
    heldBytes = group.heldBytes();
    if (bufferedBytes >= config.rowGroupSize()) {
      flush();
    }
  }

  @Override
  public long bufferedBytes() {
    return heldBytes;
  }

  @Override
  public long uploadBytes() {
    return file.bufferedBytes();
  }

  @Override
  public long size() throws IOException {
    return writer.getPos() + bufferedBytes;
  }

  @Override
  public void flush() throws IOException, InterruptedException {
    RowGroupWriter group = rowGroup;
    if (group != null) {
      group.flushTo(writer, workers);
      rowGroup = null;
      bufferedBytes = 0;
      heldBytes = 0;
    }
  }

  @Override
  public void finish() throws IOException, InterruptedException {
    flush();
    if (config.sortingColumns().isEmpty()) {
      writer.end(metadata);
    } else {
      output.holdFooter();
      writer.end(metadata);
      output.releaseFooter(sortingColumnsOfGroups());
    }
    file.finish();
    if (config.dictionary()) {
      dictionaries.learn(schema, writer.getFooter().getBlocks());
    }
  }

  @Override
  public void close() throws IOException {
    file.abandon();
    RowGroupWriter group = rowGroup;
    rowGroup = null;
    bufferedBytes = 0;
    heldBytes = 0;
    if (group != null) {
      group.close();
    }
    try (file) {
      writer.abort();
    }
  }

  private List<List<SortingColumn>> sortingColumnsOfGroups() {
    List<List<SortingColumn>> sortingColumns = new ArrayList<>();
    for (BlockMetaData group : writer.getFooter().getBlocks()) {
      long[] nulls =
          group.getColumns().stream()
              .mapToLong(column -> column.getStatistics().getNumNulls())
              .toArray();
      sortingColumns.add(sortOrders.get(sortingColumns.size()).sortingColumns(nulls));
    }
    return sortingColumns;
  }

  private ParquetFileWriter open() throws IOException {
    try {
      ParquetFileWriter opened =
          new ParquetFileWriter(
              output,
              schema,
              ParquetFileWriter.Mode.OVERWRITE,
              config.rowGroupSize(),
              0,
              (FileEncryptionProperties) null,
              properties());
      opened.start();
      return opened;
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private ParquetProperties properties() {
    ParquetProperties.Builder builder =
        ParquetProperties.builder()
            .withPageSize(config.pageSize())
            .withDictionaryPageSize(config.pageSize())
            .withDictionaryEncoding(config.dictionary())
            .withWriterVersion(
                config.version2() ? WriterVersion.PARQUET_2_0 : WriterVersion.PARQUET_1_0)
            .withPageWriteChecksumEnabled(true)
            .withAdaptiveBloomFilterEnabled(true);
    for (String[] path : schema.getPaths()) {
      // The path of a list continues to its elements.
      if (config.bloomFilters().contains(path[0])) {
        builder.withBloomFilterEnabled(String.join(".", path), true);
      }
    }
    dictionaries.apply(schema, builder);
    return builder.build();
  }
}
