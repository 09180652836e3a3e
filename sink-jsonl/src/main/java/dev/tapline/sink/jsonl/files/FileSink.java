package dev.tapline.sink.jsonl.files;

import dev.tapline.files.AtomicSwap;
import dev.tapline.files.FileForm;
import dev.tapline.files.FileStore;
import dev.tapline.files.FolderPublisher;
import dev.tapline.files.FolderStore;
import dev.tapline.files.PartFileNames;
import dev.tapline.files.Publisher;
import dev.tapline.files.Workspace;
import dev.tapline.spi.catalog.Finding;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.sink.Capability;
import dev.tapline.spi.sink.GrowingClock;
import dev.tapline.spi.sink.Sink;
import dev.tapline.spi.sink.SinkCommitter;
import dev.tapline.spi.sink.SinkContext;
import dev.tapline.spi.sink.SinkWriter;
import dev.tapline.spi.sink.WriterContext;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/// Writes each stream to a folder of files, or to one file.
public final class FileSink implements Sink {
  private final FileSinkConfig config;
  private final FileStore store;
  private final PartFileNames names;
  private final GrowingClock clock;

  /// Creates a sink; nothing is read or written yet.
  ///
  /// @param context whose sink it is
  public FileSink(FileSinkConfig config, SinkContext context) {
    this(config, context, AtomicSwap.best());
  }

  FileSink(FileSinkConfig config, SinkContext context, AtomicSwap atomicSwap) {
    this.config = config;
    this.clock = context.clock();
    FileForm form = config.compression().form(config.oneFile());
    Workspace workspace =
        new Workspace(config.path(), context.pipeline(), form, Compression.forms());
    Publisher publisher =
        config.oneFile()
            ? new SingleFilePublisher(workspace, config)
            : new FolderPublisher(workspace, atomicSwap);
    this.store =
        new FolderStore(
            workspace, publisher, stream -> config.rows().metadata().collision(stream.schema()));
    this.names = new PartFileNames(clock, form.extension());
  }

  @Override
  public Set<Capability> capabilities() {
    return Set.of(Capability.REPLACE, Capability.SCHEMA_CHANGE, Capability.EXACTLY_ONCE);
  }

  @Override
  public List<Finding> check(List<Stream> streams) {
    return store.check(streams);
  }

  @Override
  public SinkWriter openWriter(WriterContext context) throws IOException {
    return new FileSinkWriter(context, config, store.open(context), names, clock);
  }

  @Override
  public SinkCommitter openCommitter() throws IOException {
    return store.committer();
  }
}
