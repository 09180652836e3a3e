package dev.tapline.engine.state;

import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.sink.Checkpoint;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A pipeline's state file, `<folder>/<pipeline>.json`, held against a second run for as long as
/// this is open. Each write is whole or not there, and survives a crash of the machine. One thread
/// at a time.
public final class StateStore implements Closeable {
  private final Path file;
  private final StateLock lock;
  private final StateFile contents;
  private @Nullable PipelineState elsewhere;

  private StateStore(Path file, StateLock lock, StateFile contents) {
    this.file = file;
    this.lock = lock;
    this.contents = contents;
  }

  /// Takes the lock and reads the state, or begins one.
  ///
  /// @throws StateException if another run holds it, or the file is not this pipeline's whole state
  /// @throws IOException if the folder cannot be written
  public static StateStore open(Path folder, String pipeline) throws IOException {
    return open(folder, pipeline, StateFile.SMALL);
  }

  /// @param small as of [StateFile]
  static StateStore open(Path folder, String pipeline, int small) throws IOException {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new StateException(FileErrors.sentence("cannot create the state folder", folder, e), e);
    }
    Path file = fileOf(folder, pipeline);
    StateLock lock = StateLock.take(folder, pipeline);
    try {
      return new StateStore(file, lock, StateFile.open(file, pipeline, small));
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /// Where the state of a pipeline is.
  public static Path fileOf(Path folder, String pipeline) {
    return folder.resolve(pipeline + ".json");
  }

  /// Reads a state without holding it; the one of a pipeline that never ran if there is no file.
  ///
  /// @throws StateException if the file is not this pipeline's whole state
  public static PipelineState read(Path file, String pipeline) throws IOException {
    return StateFile.read(file, pipeline).state();
  }

  /// A state as a file holds it that has no journal.
  public static String json(PipelineState state) {
    return new String(StateFormat.write(new StateFormat.Whole(state, "")), StandardCharsets.UTF_8);
  }

  /// The state as it was last written.
  public PipelineState state() {
    PipelineState kept = elsewhere;
    return kept == null ? contents.state() : kept;
  }

  /// Goes on from a state that somebody else keeps: the file is neither used nor written from now
  /// on. The lock stays.
  public void keepElsewhere(PipelineState given) {
    elsewhere = given;
  }

  /// Where the state is.
  public Path file() {
    return file;
  }

  /// Writes down a checkpoint before the sink commits it.
  ///
  /// @param changed the streams for which it makes something new true
  /// @param reached the highest numbers in what it brings
  public void handing(
      Checkpoint checkpoint, Map<StreamName, StreamState> changed, HighWaterMarks reached)
      throws IOException {
    replace(state().handing(checkpoint, changed, reached));
  }

  /// Writes down numbers that were given.
  public void reach(HighWaterMarks reached) throws IOException {
    replace(state().reaching(reached));
  }

  /// Writes down that the sink has committed the pending checkpoint.
  public void handed() throws IOException {
    replace(state().handed());
  }

  /// Takes over the count of checkpoints that the destination remembers.
  public void adopt(long checkpoint) throws IOException {
    replace(state().counting(checkpoint));
  }

  /// Forgets streams, and what of them is on its way: if they are selected again, they begin anew.
  public void forget(Set<StreamName> streams) throws IOException {
    if (!Collections.disjoint(state().streams().keySet(), streams)) {
      replace(state().without(streams));
    }
  }

  private void replace(PipelineState next) throws IOException {
    if (elsewhere == null) {
      contents.write(next);
    } else {
      elsewhere = next;
    }
  }

  @Override
  public void close() throws IOException {
    try (lock) {
      contents.close();
    }
  }
}
