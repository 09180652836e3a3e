package dev.tapline.sink.parquet.contract;

import java.util.Map;

final class AvroObjectStoreContractTest extends ObjectStoreContract {
  AvroObjectStoreContractTest() {
    super(Map.of("format", "avro"));
  }
}
