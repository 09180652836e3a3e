package dev.tapline.sink.parquet.files;

import dev.tapline.files.Exchange;
import dev.tapline.files.FileStore;
import dev.tapline.files.FolderPlacement;
import dev.tapline.files.FolderStore;
import dev.tapline.files.Form;
import dev.tapline.files.PartNames;
import dev.tapline.files.Workspace;
import dev.tapline.sink.parquet.format.FileFormat;
import dev.tapline.sink.parquet.image.Image;
import dev.tapline.sink.parquet.plan.FilePlan;
import dev.tapline.spi.Finding;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.sink.Capability;
import dev.tapline.spi.sink.Sink;
import dev.tapline.spi.sink.SinkCommitter;
import dev.tapline.spi.sink.SinkWriter;
import dev.tapline.spi.sink.WriterContext;
import java.io.IOException;
import java.time.Clock;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Writes each stream to a folder of files.
public final class ParquetSink implements Sink {
  private static final int PART_OF_HEAP = 4;

  /// The form of Parquet files.
  public static final Form PARQUET = new Form(false, "parquet", ".parquet", "format: parquet");

  /// The form of Avro files.
  public static final Form AVRO = new Form(false, "avro", ".avro", "format: avro");

  private final FileSettings settings;
  private final FileFormat format;
  private final FileStore store;
  private final PartNames names;
  private final Optional<Image> image;
  private final NullCounts nulls = new NullCounts();
  private final MemoryBudget budget =
      new MemoryBudget(Runtime.getRuntime().maxMemory() / PART_OF_HEAP);

  /// A sink that has touched nothing yet.
  ///
  /// @param form the form of what `format` makes
  /// @param pipeline whose sink it is
  public ParquetSink(FileSettings settings, Form form, FileFormat format, String pipeline) {
    this.settings = settings;
    this.format = format;
    Workspace workspace = new Workspace(settings.path(), pipeline, form, List.of(PARQUET, AVRO));
    this.names = new PartNames(Clock.systemUTC(), form.extension());
    Exchange exchange = Exchange.best();
    this.image =
        settings.layout().compact()
            ? Optional.of(new Image(workspace, exchange, format, names, settings.fileSize()))
            : Optional.empty();
    this.store =
        new FolderStore(
            workspace,
            new ParquetPlacement(
                workspace,
                new FolderPlacement(workspace, exchange),
                settings.layout().successMarker(),
                image),
            this::problem);
  }

  @Override
  public Set<Capability> capabilities() {
    Set<Capability> capabilities =
        EnumSet.of(Capability.REPLACE, Capability.SCHEMA_CHANGE, Capability.EXACTLY_ONCE);
    if (image.isPresent()) {
      capabilities.addAll(List.of(Capability.UPSERT, Capability.DELETE, Capability.TRUNCATE));
    }
    return capabilities;
  }

  @Override
  public List<Finding> check(List<Stream> streams) {
    return store.check(streams);
  }

  @Override
  public SinkWriter openWriter(WriterContext context) throws IOException {
    return new StreamWriter(context, settings, format, store.open(context), names, nulls, budget);
  }

  @Override
  public SinkCommitter openCommitter() throws IOException {
    return store.committer();
  }

  @Override
  public void close() {
    nulls.report();
    format.close();
  }

  private Optional<String> problem(Stream stream) throws IOException {
    Optional<String> content =
        FilePlan.problem(stream.destination(), stream.schema(), settings.types());
    return content.isPresent() || image.isEmpty()
        ? content
        : image.get().problem(stream.destination());
  }
}
