package dev.tapline.sink.parquet;

import java.util.Map;

final class ParquetObjectStoreContractTest extends ObjectStoreContract {
  ParquetObjectStoreContractTest() {
    super(Map.of());
  }
}
