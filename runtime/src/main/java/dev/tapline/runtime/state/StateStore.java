package dev.tapline.runtime.state;

import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.sink.Checkpoint;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;

/// A pipeline's state file, `<folder>/<pipeline>.json`, held against a second run for as long as
/// this is open. Each write replaces the file in one step and survives a crash of the machine. One
/// thread at a time.
public final class StateStore implements Closeable {
  private final Path file;
  private final StateLock lock;
  private PipelineState state;
  private boolean elsewhere;

  private StateStore(Path file, StateLock lock, PipelineState state) {
    this.file = file;
    this.lock = lock;
    this.state = state;
  }

  /// Takes the lock and reads the state, or begins one.
  ///
  /// @throws StateException if another run holds it, or the file is not this pipeline's whole state
  /// @throws IOException if the folder cannot be written
  public static StateStore open(Path folder, String pipeline) throws IOException {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new StateException(Reasons.sentence("cannot create the state folder", folder, e), e);
    }
    Path file = fileOf(folder, pipeline);
    StateLock lock = StateLock.take(folder.resolve(pipeline + ".lock"), pipeline);
    try {
      return new StateStore(file, lock, read(file, pipeline));
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /// Where the state of a pipeline is.
  public static Path fileOf(Path folder, String pipeline) {
    return folder.resolve(pipeline + ".json");
  }

  /// A state as the file would have it.
  public static String text(PipelineState state) {
    return new String(StateFormat.write(state), java.nio.charset.StandardCharsets.UTF_8);
  }

  /// Reads a state without holding it; the one of a pipeline that never ran if there is no file.
  ///
  /// @throws StateException if the file is not this pipeline's whole state
  public static PipelineState read(Path file, String pipeline) throws IOException {
    if (!Files.exists(file)) {
      return PipelineState.initial(pipeline);
    }
    PipelineState state;
    try {
      state = StateFormat.read(Files.readAllBytes(file));
    } catch (JacksonException | IllegalArgumentException | java.time.DateTimeException e) {
      String reason =
          e instanceof JacksonException jackson ? jackson.getOriginalMessage() : e.getMessage();
      throw new StateException(
          "the state '"
              + file
              + "' is damaged or cut short ("
              + reason
              + "); restore it from a backup, or remove it to let every stream begin anew",
          e);
    }
    if (!state.pipeline().equals(pipeline)) {
      throw new StateException(
          "the state '"
              + file
              + "' belongs to pipeline '"
              + state.pipeline()
              + "', not to '"
              + pipeline
              + "'; set 'name' or 'state' so that each pipeline has its own",
          null);
    }
    return state;
  }

  /// The state as it was last written.
  public PipelineState state() {
    return state;
  }

  /// Goes on from a state that somebody else keeps: the file is neither used nor written from now
  /// on. The lock stays.
  public void keepElsewhere(PipelineState given) {
    elsewhere = true;
    state = given;
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
      Checkpoint checkpoint, Map<StreamName, StreamState> changed, HighWater reached)
      throws IOException {
    replace(state.handing(checkpoint, changed, reached));
  }

  /// Writes down numbers that were given.
  public void reach(HighWater reached) throws IOException {
    replace(state.reaching(reached));
  }

  /// Writes down that the sink has committed the pending checkpoint.
  public void handed() throws IOException {
    replace(state.handed());
  }

  /// Takes over the count of checkpoints that the destination remembers.
  public void adopt(long checkpoint) throws IOException {
    replace(state.counting(checkpoint));
  }

  /// Forgets streams, and what of them is on its way: if they are selected again, they begin anew.
  public void forget(Set<StreamName> streams) throws IOException {
    if (!Collections.disjoint(state.streams().keySet(), streams)) {
      replace(state.without(streams));
    }
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }

  private void replace(PipelineState next) throws IOException {
    if (!elsewhere) {
      write(next);
    }
    state = next;
  }

  private void write(PipelineState next) throws IOException {
    Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
    try (FileChannel channel =
        FileChannel.open(
            temporary,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(StateFormat.write(next));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    } catch (IOException e) {
      throw failed(e);
    }
    try {
      move(temporary);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private IOException failed(IOException cause) {
    return new IOException(Reasons.sentence("cannot write the state", file, cause), cause);
  }

  private void move(Path temporary) throws IOException {
    try {
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      throw new IOException(
          "the file system of '" + file + "' cannot replace a file in one step", e);
    }
    try (FileChannel folder = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
      folder.force(true);
    }
  }
}
