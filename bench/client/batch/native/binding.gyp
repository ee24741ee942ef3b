{
  "variables": {
    "rdkafka_include%": "",
    "rdkafka_library%": "",
    "rdkafka_rpath%": "",
    "node_addon_api%": ""
  },
  "targets": [
    {
      "target_name": "ksweep-batch",
      "sources": ["addon.cc", "admin.cc", "admin-watch.cc", "client.cc", "consumer.cc", "producer.cc", "share-consumer.cc"],
      "include_dirs": ["<(rdkafka_include)", "<(node_addon_api)"],
      "defines": [
        "NAPI_VERSION=8",
        "NAPI_CPP_EXCEPTIONS",
        "NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS"
      ],
      "cflags_cc!": ["-fno-exceptions", "-fno-rtti", "-std=gnu++17"],
      "cflags_cc": ["-std=c++17", "-fexceptions", "-fvisibility=hidden", "-Wall", "-Wextra", "-Wno-cast-function-type"],
      "libraries": ["<(rdkafka_library)"],
      "conditions": [
        ["OS=='mac'", {
          "xcode_settings": {
            "GCC_ENABLE_CPP_EXCEPTIONS": "YES",
            "CLANG_CXX_LANGUAGE_STANDARD": "c++17",
            "MACOSX_DEPLOYMENT_TARGET": "11.0"
          }
        }],
        # nodelete: a thread of librdkafka may end after the last environment has let go of the addon.
        ["OS=='linux'", { "ldflags": ["-Wl,-rpath,'<(rdkafka_rpath)'", "-Wl,-z,nodelete"] }]
      ]
    }
  ]
}
