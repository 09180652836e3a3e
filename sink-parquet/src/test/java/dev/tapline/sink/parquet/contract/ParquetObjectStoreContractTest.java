package dev.tapline.sink.parquet.contract;

import java.util.Map;

final class ParquetObjectStoreContractTest extends ObjectStoreContract {
  ParquetObjectStoreContractTest() {
    super(Map.of());
  }
}
