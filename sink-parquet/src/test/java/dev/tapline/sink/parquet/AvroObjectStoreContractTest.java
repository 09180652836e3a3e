package dev.tapline.sink.parquet;

import java.util.Map;

final class AvroObjectStoreContractTest extends ObjectStoreContract {
  AvroObjectStoreContractTest() {
    super(Map.of("format", "avro"));
  }
}
