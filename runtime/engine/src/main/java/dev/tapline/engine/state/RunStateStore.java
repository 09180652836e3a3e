package dev.tapline.engine.state;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// The state that a run goes on from: the pipeline's own, until it turns out that the destination
/// keeps the state. From then on the pipeline's own is neither used nor written. One thread at a
/// time.
public final class RunStateStore implements StateStore {
  private final StateStore store;
  private @Nullable PipelineState ofDestination;

  /// @param store the pipeline's own, which stays the caller's to close
  public RunStateStore(StateStore store) {
    this.store = store;
  }

  /// Goes on from the state that the destination has given back.
  public void resumeFrom(PipelineState given) {
    ofDestination = given;
  }

  @Override
  public PipelineState state() {
    PipelineState given = ofDestination;
    return given == null ? store.state() : given;
  }

  @Override
  public void write(PipelineState next) throws IOException {
    if (ofDestination == null) {
      store.write(next);
    } else {
      ofDestination = next;
    }
  }

  @Override
  public String location() {
    return store.location();
  }

  /// Does nothing: the pipeline's own store is closed by whoever opened it.
  @Override
  public void close() {}
}
