package dev.tapline.sink.parquet.parquet;

import dev.tapline.files.DataFile;
import dev.tapline.sink.parquet.encode.FieldEncoder;
import dev.tapline.sink.parquet.format.FileFormat;
import dev.tapline.sink.parquet.format.RowFile;
import dev.tapline.sink.parquet.format.RowReader;
import dev.tapline.sink.parquet.plan.AvroSchemas;
import dev.tapline.sink.parquet.plan.FilePlan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;

/// Makes Parquet files.
public final class ParquetFormat implements FileFormat {
  private final ParquetSettings settings;
  private final Codecs codecs;
  private final Helpers helpers;
  private final DictionaryHistory dictionaries = new DictionaryHistory();

  /// @param cores how many threads may encode columns
  public ParquetFormat(ParquetSettings settings, int cores) {
    this.settings = settings;
    this.codecs = new Codecs(settings.level());
    this.helpers = new Helpers(cores);
  }

  @Override
  public RowFile create(DataFile file, FilePlan plan, List<FieldEncoder> encoders)
      throws IOException {
    return new ParquetRowFile(
        file, plan, encoders, settings, codecs, helpers, dictionaries, AvroSchemas.footer(plan));
  }

  @Override
  public RowReader open(Path path, Predicate<String> columns) throws IOException {
    return new ParquetReader(path, codecs, columns);
  }

  @Override
  public FilePlan plan(Path path) throws IOException {
    return ParquetReader.plan(path);
  }

  @Override
  public void enter() {
    helpers.enter();
  }

  @Override
  public void leave() {
    helpers.leave();
  }

  @Override
  public void close() {
    helpers.close();
    codecs.close();
  }
}
