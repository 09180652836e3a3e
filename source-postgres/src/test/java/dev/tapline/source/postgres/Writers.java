package dev.tapline.source.postgres;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/// What goes on in a database while something else is looked at.
final class Writers {
  private Writers() {}

  /// What is done meanwhile.
  interface Load {
    /// Does it.
    void run() throws Exception;
  }

  /// Does something while others work, until they are told to stop.
  ///
  /// @param stop what the others look at
  /// @throws java.util.concurrent.ExecutionException if one of the others has failed
  static void during(AtomicBoolean stop, List<Callable<Void>> others, Load load) throws Exception {
    stop.set(false);
    try (ExecutorService executor = Executors.newFixedThreadPool(others.size())) {
      List<Future<Void>> work = new ArrayList<>();
      others.forEach(other -> work.add(executor.submit(other)));
      try {
        load.run();
      } finally {
        stop.set(true);
        for (Future<Void> part : work) {
          part.get();
        }
      }
    }
  }
}
