package dev.tapline.demo;

import java.io.Closeable;
import java.io.IOException;

/// Keeps the shop busy: orders come in, are shipped and cancelled, prices and addresses change, old
/// events go. One thread at a time.
public final class Shopkeeper implements Closeable {
  private final Wire wire;
  private int moment;

  Shopkeeper(Wire wire) {
    this.wire = wire;
  }

  /// What happens in one moment, as one transaction over all five tables.
  public void trade() throws IOException {
    moment++;
    wire.run("CALL trade(" + moment + ")");
  }

  @Override
  public void close() throws IOException {
    wire.close();
  }
}
