#include "insights/wallboard/wallboard.h"

#include <utility>

#include "support/status.h"

namespace usher::insights {
namespace {

constexpr std::size_t kQuestionThreads = 8;  // besides one for each viewer

}  // namespace

absl::StatusOr<std::unique_ptr<Wallboard>> Wallboard::Start(const WallboardOptions& options,
                                                            std::unique_ptr<store::Store> store,
                                                            Queries& queries, Zones& zones,
                                                            std::int32_t partitions,
                                                            std::function<bool()> live,
                                                            std::function<Instant()> clock) {
  Boards::Limits limits;
  limits.viewers = options.viewers_max;
  std::unique_ptr<Wallboard> wallboard(new Wallboard(limits));
  Site::Options site;
  site.clock = std::move(clock);
  site.explain = options.explain;
  wallboard->site_ = std::make_unique<Site>(site, wallboard->boards_, queries, partitions);
  wallboard->poller_ = std::make_unique<Poller>(wallboard->boards_, std::move(store), partitions,
                                                zones, std::move(live));
  web::ServerOptions server;
  server.address = options.address;
  server.threads = options.viewers_max + kQuestionThreads;
  USHER_TRY(wallboard->server_,
            web::Server::Start(server, [raw = wallboard->site_.get()](const web::Request& request) {
              return raw->Answer(request);
            }));
  wallboard->port_ = wallboard->server_->port();
  return wallboard;
}

void Wallboard::Stop() {
  boards_.Close();
  server_.reset();
}

}  // namespace usher::insights
