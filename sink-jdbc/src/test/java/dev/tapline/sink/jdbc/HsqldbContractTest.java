package dev.tapline.sink.jdbc;

import java.util.concurrent.atomic.AtomicInteger;

/// A database that no dialect knows.
class HsqldbContractTest extends DatabaseContract {
  private static final AtomicInteger NUMBER = new AtomicInteger();

  private final int number = NUMBER.incrementAndGet();

  @Override
  String url() {
    return "jdbc:hsqldb:mem:shop" + number;
  }
}
