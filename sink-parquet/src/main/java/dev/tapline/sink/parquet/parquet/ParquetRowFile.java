package dev.tapline.sink.parquet.parquet;

import dev.tapline.files.DataFile;
import dev.tapline.sink.parquet.encode.FieldEncoder;
import dev.tapline.sink.parquet.format.RowFile;
import dev.tapline.sink.parquet.plan.FilePlan;
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

/// A Parquet file under way.
final class ParquetRowFile implements RowFile {
  private final FilePlan plan;
  private final List<FieldEncoder> encoders;
  private final ParquetSettings settings;
  private final Codecs codecs;
  private final Helpers helpers;
  private final DictionaryHistory dictionaries;
  private final Map<String, String> metadata;
  private final MessageType schema;
  private final DataFile file;
  private final FileOutput output;
  private final ParquetFileWriter writer;
  private final List<RowOrder> orders = new ArrayList<>();
  private @Nullable RowGroup rowGroup;
  private long bufferedBytes;
  private long heldBytes;

  ParquetRowFile(
      DataFile file,
      FilePlan plan,
      List<FieldEncoder> encoders,
      ParquetSettings settings,
      Codecs codecs,
      Helpers helpers,
      DictionaryHistory dictionaries,
      Map<String, String> metadata)
      throws IOException {
    this.plan = plan;
    this.encoders = encoders;
    this.settings = settings;
    this.codecs = codecs;
    this.helpers = helpers;
    this.dictionaries = dictionaries;
    this.metadata = metadata;
    this.schema = ParquetSchemas.of(plan);
    this.file = file;
    this.output = new FileOutput(file);
    this.writer = open();
  }

  @Override
  public void write(Batch batch, int from, int to) throws IOException, InterruptedException {
    RowGroup group = rowGroup;
    if (group == null) {
      if (settings.dictionary()) {
        dictionaries.look(schema, batch, from, to);
      }
      group = new RowGroup(plan, schema, encoders, properties(), codecs, settings);
      rowGroup = group;
      orders.add(RowOrder.of(plan, settings.sortingColumns()));
    }
    orders.getLast().look(batch, from, to);
    group.write(batch, from, to, helpers);
    bufferedBytes = group.bufferedBytes();
    heldBytes = group.heldBytes();
    if (bufferedBytes >= settings.rowGroupSize()) {
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
    RowGroup group = rowGroup;
    if (group != null) {
      group.flushTo(writer, helpers);
      rowGroup = null;
      bufferedBytes = 0;
      heldBytes = 0;
    }
  }

  @Override
  public void finish() throws IOException, InterruptedException {
    flush();
    if (settings.sortingColumns().isEmpty()) {
      writer.end(metadata);
    } else {
      output.hold();
      writer.end(metadata);
      output.release(claims());
    }
    file.finish();
    if (settings.dictionary()) {
      dictionaries.learn(schema, writer.getFooter().getBlocks());
    }
  }

  @Override
  public void close() throws IOException {
    file.abandon();
    RowGroup group = rowGroup;
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

  private List<List<SortingColumn>> claims() {
    List<List<SortingColumn>> claims = new ArrayList<>();
    for (BlockMetaData group : writer.getFooter().getBlocks()) {
      long[] nulls =
          group.getColumns().stream()
              .mapToLong(column -> column.getStatistics().getNumNulls())
              .toArray();
      claims.add(orders.get(claims.size()).claim(nulls));
    }
    return claims;
  }

  private ParquetFileWriter open() throws IOException {
    try {
      ParquetFileWriter opened =
          new ParquetFileWriter(
              output,
              schema,
              ParquetFileWriter.Mode.OVERWRITE,
              settings.rowGroupSize(),
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
            .withPageSize(settings.pageSize())
            .withDictionaryPageSize(settings.pageSize())
            .withDictionaryEncoding(settings.dictionary())
            .withWriterVersion(
                settings.version2() ? WriterVersion.PARQUET_2_0 : WriterVersion.PARQUET_1_0)
            .withPageWriteChecksumEnabled(true)
            .withAdaptiveBloomFilterEnabled(true);
    for (String[] path : schema.getPaths()) {
      // The path of a list goes on to its elements.
      if (settings.bloomFilters().contains(path[0])) {
        builder.withBloomFilterEnabled(String.join(".", path), true);
      }
    }
    dictionaries.apply(schema, builder);
    return builder.build();
  }
}
