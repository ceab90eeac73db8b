import { accountsModule } from './accounts/module.js';
import { alarmsModule } from './alarms/module.js';
import { attemptsModule } from './attempts/module.js';
import { auditModule } from './audit/module.js';
import { authModule } from './auth/module.js';
import { blobsModule } from './blobs/module.js';
import { checkpointsModule } from './checkpoints/module.js';
import { clinicModule } from './clinic/module.js';
import { configsModule } from './configs/module.js';
import { datasetsModule } from './datasets/module.js';
import { editingModule } from './editing/module.js';
import { evaluationsModule } from './evaluations/module.js';
import { labellingModule } from './labelling/module.js';
import { liveModule } from './live/module.js';
import { logsModule } from './logs/module.js';
import { metricsModule } from './metrics/module.js';
import { ModuleList } from './module-list.js';
import { nodesModule } from './nodes/module.js';
import { pivotsModule } from './pivots/module.js';
import { pseudoLabelsModule } from './pseudo-labels/module.js';
import { rareClassesModule } from './rare-classes/module.js';
import { runnerLifecycleModule } from './runner-lifecycle/module.js';
import { runnersModule } from './runners/module.js';
import { runsModule } from './runs/module.js';
import { samplesModule } from './samples/module.js';
import { savedFiltersModule } from './saved-filters/module.js';
import { serverInfoModule } from './server-info/module.js';
import { serversModule } from './servers/module.js';
import { studiesModule } from './studies/module.js';
import { waitingModule } from './waiting/module.js';

/**
 * All features of the server, each after those that it needs. The content of a report is stored in this order too.
 * To add a feature, add one line here.
 */
export const modules = ModuleList.empty()
  .with(serverInfoModule)
  .with(serversModule)
  .with(runnersModule)
  .with(accountsModule)
  .with(auditModule)
  .with(authModule)
  .with(blobsModule)
  .with(datasetsModule)
  .with(rareClassesModule)
  .with(runsModule)
  .with(savedFiltersModule)
  .with(studiesModule)
  .with(editingModule)
  .with(waitingModule)
  .with(pivotsModule)
  .with(metricsModule)
  .with(evaluationsModule)
  .with(pseudoLabelsModule)
  .with(clinicModule)
  .with(labellingModule)
  .with(alarmsModule)
  .with(samplesModule)
  .with(logsModule)
  .with(checkpointsModule)
  .with(attemptsModule)
  .with(configsModule)
  .with(runnerLifecycleModule)
  .with(liveModule)
  .with(nodesModule);
