package dev.tapline.source.postgres.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CloserTest {
  private final List<String> closed = new ArrayList<>();

  private Closeable thing(String name, Exception failure) {
    return () -> {
      closed.add(name);
      switch (failure) {
        case null -> {}
        case IOException e -> throw e;
        default -> throw (RuntimeException) failure;
      }
    };
  }

  @Test
  void eachIsClosedAndTheFirstFailureIsTold() {
    IOException first = new IOException("first");
    IllegalStateException second = new IllegalStateException("second");
    assertThatThrownBy(() ->
            Closer.all(thing("a", null), thing("b", first), thing("c", second), thing("d", null)))
        .isSameAs(first)
        .satisfies(thrown -> assertThat(thrown.getSuppressed()).containsExactly(second));
    assertThat(closed).containsExactly("a", "b", "c", "d");
  }

  @Test
  void withoutAFailureThereIsNone() throws Exception {
    Closer.all(thing("a", null), thing("b", null));
    assertThat(closed).containsExactly("a", "b");
  }
}
