package dev.tapline.files;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Replaces a folder by another in one step, with Linux's `renameat2` and `RENAME_EXCHANGE`:
/// readers always see one of the two, and it is complete.
///
/// Java has no such method, so the function is called through the Foreign Function API. Where the
/// system or the file system lacks it (macOS, NFS), two renames are used instead; between them the
/// name is missing for an instant. If the process crashes there, calling again repairs it.
public final class AtomicSwap {
  /// The suffix of a folder that was replaced by two renames, until it is deleted.
  static final String OLD_SUFFIX = ".old";

  private static final Logger LOG = LoggerFactory.getLogger(AtomicSwap.class);
  private static final int CURRENT_FOLDER = -100;
  private static final int RENAME_EXCHANGE = 2;

  // EPERM, ENOSYS, EINVAL, EOPNOTSUPP, EXDEV: the errors where a file system or sandbox lacks it.
  private static final Set<Integer> NOT_AVAILABLE = Set.of(1, 38, 22, 95, 18);

  private static final Optional<Native> NATIVE = find();

  private final Optional<Native> call;

  private AtomicSwap(Optional<Native> call) {
    this.call = call;
  }

  /// The best method that this system offers.
  public static AtomicSwap best() {
    return new AtomicSwap(NATIVE);
  }

  /// Always uses two renames.
  public static AtomicSwap byRenames() {
    return new AtomicSwap(Optional.empty());
  }

  /// Whether swaps are a single step.
  public boolean isAtomic() {
    return call.isPresent();
  }

  /// Replaces `live` by `fresh`. The old `live`, if there was one, is then at `fresh` or at
  /// [#aside(Path)].
  public void swap(Path fresh, Path live) throws IOException {
    if (Files.exists(live)) {
      if (call.isPresent() && call.get().exchange(fresh, live)) {
        return;
      }
      DurableFiles.rename(live, aside(fresh));
    }
    DurableFiles.rename(fresh, live);
  }

  /// The path of the old folder if two renames were used.
  public static Path aside(Path fresh) {
    return fresh.resolveSibling(fresh.getFileName() + OLD_SUFFIX);
  }

  @SuppressWarnings("restricted") // the host enables native access for plug-ins
  private static Optional<Native> find() {
    try {
      Linker linker = Linker.nativeLinker();
      return linker
          .defaultLookup()
          .find("renameat2")
          .map(symbol ->
              new Native(
                  linker.downcallHandle(
                      symbol, Native.SIGNATURE, Linker.Option.captureCallState("errno"))));
    } catch (IllegalCallerException | UnsupportedOperationException e) {
      LOG.debug("folders are replaced by two renames: {}", e.getMessage());
      return Optional.empty();
    }
  }

  private record Native(MethodHandle renameat2) {
    static final FunctionDescriptor SIGNATURE =
        FunctionDescriptor.of(
            ValueLayout.JAVA_INT,
            ValueLayout.JAVA_INT,
            ValueLayout.ADDRESS,
            ValueLayout.JAVA_INT,
            ValueLayout.ADDRESS,
            ValueLayout.JAVA_INT);
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO =
        STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final Charset FILE_NAMES =
        Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

    /// @return false if it is not available
    boolean exchange(Path one, Path other) throws IOException {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment state = arena.allocate(STATE);
        int result = call(state, text(arena, one), text(arena, other));
        if (result == 0) {
          return true;
        }
        int error = (int) ERRNO.get(state, 0L);
        if (NOT_AVAILABLE.contains(error)) {
          LOG.debug("renameat2 of {} and {}: error {}; two renames instead", one, other, error);
          return false;
        }
        throw new IOException(
            "cannot exchange the folders %s and %s: system error %d".formatted(one, other, error));
      }
    }

    private int call(MemorySegment state, MemorySegment one, MemorySegment other) {
      try {
        return (int)
            renameat2.invokeExact(
                state, CURRENT_FOLDER, one, CURRENT_FOLDER, other, RENAME_EXCHANGE);
      } catch (Throwable e) {
        // Only a wrong signature makes the call itself throw.
        throw new LinkageError("renameat2", e);
      }
    }

    private static MemorySegment text(Arena arena, Path path) {
      return arena.allocateFrom(path.toAbsolutePath().toString(), FILE_NAMES);
    }
  }
}
