// understanding_train DATA_DIRECTORY OUT_DIRECTORY: makes the model files. Part of the build.

#include <cstdio>
#include <string>

#include "understanding/train/train.h"

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: understanding_train DATA_DIRECTORY OUT_DIRECTORY\n");
    return 2;
  }
  const auto examples = usher::understanding::ReadExamples(argv[1]);
  absl::Status status = examples.status();
  if (status.ok()) status = usher::understanding::TrainModels(*examples, {}, argv[2]);
  if (!status.ok()) {
    std::fprintf(stderr, "understanding_train: %s\n", status.ToString().c_str());
    return 1;
  }
  return 0;
}
