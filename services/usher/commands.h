// The commands of the binary, one file each. Each Add adds its command to `app`; if it is chosen it
// runs while `app` parses and leaves its exit code: 0 fine, 1 failed, 2 a bad file or bad usage.
#pragma once

namespace CLI {
class App;
}

namespace usher {

inline constexpr int kFine = 0;
inline constexpr int kFailed = 1;
inline constexpr int kBadUsage = 2;

void AddUp(CLI::App& app, int& exit_code);          // all services, embedded log and store
void AddMembers(CLI::App& app, int& exit_code);     // intake, router, agents, insights on Kafka
void AddTopics(CLI::App& app, int& exit_code);      // topics plan | apply
void AddPolicy(CLI::App& app, int& exit_code);      // policy check | preview | apply | show
void AddMap(CLI::App& app, int& exit_code);         // what a payload would become
void AddQuestions(CLI::App& app, int& exit_code);   // explain, wait
void AddReport(CLI::App& app, int& exit_code);      // what a desk did in a period
void AddReview(CLI::App& app, int& exit_code);      // review list | mark; rate
void AddStaff(CLI::App& app, int& exit_code);       // how many agents a desk needs
void AddDlq(CLI::App& app, int& exit_code);         // dlq list | show | replay
void AddDesk(CLI::App& app, int& exit_code);        // desk list | quarantine | release
void AddLogic(CLI::App& app, int& exit_code);       // logic show | switch
void AddRebuild(CLI::App& app, int& exit_code);     // context: of orders, into the store
void AddVerify(CLI::App& app, int& exit_code);      // the decision log against a replay
void AddSimulate(CLI::App& app, int& exit_code);    // a scenario, in simulated time
void AddUnderstand(CLI::App& app, int& exit_code);  // what intake would make of messages

}  // namespace usher
