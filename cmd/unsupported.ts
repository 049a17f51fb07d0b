// size: table
/**
 * Commands that are known by name and not built yet, so that they are refused by name, and dumped. A line that begins at the
 * margin is `path | purpose | arguments | attributes`; the indented lines below it are its flags, in the notation of
 * `unsupportedFlags`. Loaded only when a command is not in the tree.
 */

export const unsupportedCommands = `
artifact | Parent of the commands for non-image content kept in OCI registries |  | group
artifact add | Put files into an artifact of the local artifact store, making the artifact when it is new | [options] ARTIFACT PATH [...PATH] | args=2..
  annotation:stringArray append/a:bool file-type:string replace:bool type:string
artifact extract | Write the blobs of a stored artifact to a file or folder on the host | [options] ARTIFACT PATH | args=2..2
  digest:string title:string
artifact inspect | Show the manifest and metadata of a stored artifact | [options] ARTIFACT | args=1..1
  format/f:string="json"
artifact ls | Show which artifacts are stored | [options] | args=0..0 names=list
  format:string="{{range\\u0020.}}{{.Repository}}\\t{{.Tag}}\\t{{.Digest}}\\t{{.Created}}\\t{{.Size}}\\n{{end\\u0020-}}"
  no-trunc:bool noheading/n:bool
artifact pull | Fetch an artifact from a registry into the local store | [options] ARTIFACT | args=1..1
  authfile:string cert-dir:string!local creds:string decryption-key:stringArray!quiet quiet/q:bool retry:uint=3
  retry-delay:string tls-verify:bool=true
artifact push | Upload a stored artifact to a registry | [options] ARTIFACT. | args=1..1
  authfile:string cert-dir:string!quiet creds:string digestfile:string quiet/q:bool!quiet retry:uint=3
  retry-delay:string sign-by:string!quiet sign-by-sigstore:string!quiet sign-by-sigstore-private-key:string!quiet
  sign-by-sq-fingerprint:string!quiet sign-passphrase-file:string!quiet signature-policy:string!hidden!local
  tls-verify:bool=true
artifact rm | Delete artifacts from the local store | [options] ARTIFACT [ARTIFACT...] | args=1.. names=remove
  all/a:bool ignore/i:bool
auto-update | Pull newer images for systemd-run containers that carry the autoupdate label, and restart their units | [options] | local
  authfile:string dry-run:bool format:string rollback:bool=true tls-verify:bool=true
build | Make an image from a Containerfile/Dockerfile and a context folder | [options] [CONTEXT] | args=0..1 aliasOf=image_build
buildx | Docker-compatible parent name for the build commands |  | group hidden names=builder
buildx build | Make an image from a Containerfile/Dockerfile and a context folder | [options] [CONTEXT] | args=0..1 aliasOf=image_build
buildx inspect | Print a builder description in the shape docker buildx expects |  | 
  bootstrap:bool
buildx prune | Delete images that nothing uses | [options] | args=0..0 aliasOf=image_prune
buildx version | Print the build component's version |  | args=0..0
commit | Turn a container's current filesystem and config into a new image | [options] CONTAINER [IMAGE] | args=1..2 aliasOf=container_commit
completion | Print a completion script for a chosen shell | [options] {bash|zsh|fish|powershell} | hidden
  file/f:string no-desc:bool
compose | Hand the arguments to an external compose tool, pointed at the engine's socket | [options] | flagsBeforeArgsOnly passThrough
container checkpoint | Freeze running containers to disk with CRIU | [options] CONTAINER [CONTAINER...] | args=1..
  all/a:bool compress/c:string="zstd" create-image:string export/e:string file-locks:bool ignore-rootfs:bool
  ignore-volumes:bool keep/k:bool latest/l:bool!local leave-running/R:bool pre-checkpoint/P:bool print-stats:bool
  tcp-established:bool with-previous:bool
container clone | Make a copy of a container, with changed settings if wanted | [options] CONTAINER NAME IMAGE | args=1..3
  blkio-weight:string blkio-weight-device:stringArray cpu-period:uint64 cpu-quota:int64 cpu-rt-period:uint64
  cpu-rt-runtime:int64 cpu-shares/c:uint64 cpus:float64 cpuset-cpus:string cpuset-mems:string destroy:bool
  device-read-bps:stringArray device-write-bps:stringArray force/f:bool memory/m:string memory-reservation:string
  memory-swap:string memory-swappiness:int64=-1 name:string pod:string run:bool
container commit | Turn a container's current filesystem and config into a new image | [options] CONTAINER [IMAGE] | args=1..2
  author/a:string change/c:stringArray config:string format/f:string="oci" iidfile:string include-volumes:bool
  message/m:string pause/p:bool quiet/q:bool squash/s:bool
container cp | Copy files in or out of a container, or between two | [options] [CONTAINER:]SRC_PATH [CONTAINER:]DEST_PATH | args=2..2
  archive/a:bool=true extract:bool!hidden overwrite:bool pause:bool=true!hidden
container diff | List paths that differ between a container and its image, or between two containers | [options] CONTAINER [CONTAINER] | args=1..2
  format:string latest/l:bool!local
container export | Stream the whole filesystem of a container as a tar | [options] CONTAINER | args=1..1
  output/o:string
container init | Do all start-up steps of a container short of running its command | [options] CONTAINER [CONTAINER...] | args=1..
  all/a:bool latest/l:bool!local
container mount | Mount containers' root filesystems on the host and print where; without names, show those mounted | [options] [CONTAINER...] | local args=0..
  all/a:bool format:string latest/l:bool!local no-trunc:bool
container pause | Freeze all processes of containers with the cgroup freezer | [options] CONTAINER [CONTAINER...] | args=1..
  all/a:bool cidfile:stringArray!quiet filter/f:stringArray latest/l:bool!local
container port | Show which host ports lead to a container | [options] CONTAINER [PORT] | args=0..
  all/a:bool latest/l:bool!local
container prune | Delete every container that is not running | [options] | args=0..0
  filter:stringArray force/f:bool
container rename | Give a container another name | CONTAINER NAME | args=2..2
container restart | Stop, then start containers | [options] CONTAINER [CONTAINER...] | args=1..
  all/a:bool cidfile:stringArray!quiet filter/f:stringArray latest/l:bool!local running:bool time/t:int=10
container restore | Bring containers back from a checkpoint | [options] CONTAINER|IMAGE [CONTAINER|IMAGE...] | args=0..
  all/a:bool file-locks:bool ignore-rootfs:bool ignore-static-ip:bool ignore-static-mac:bool ignore-volumes:bool
  import/i:string import-previous:string keep/k:bool latest/l:bool!local name/n:string pod:string print-stats:bool
  publish/p:stringSlice tcp-close:bool tcp-established:bool
container runlabel | Run the command line stored in an image's label | [options] LABEL IMAGE [ARG...] | local args=2..
  authfile:string cert-dir:string creds:string display:bool name/n:string opt1:string!hidden opt2:string!hidden
  opt3:string!hidden pull/p:bool=true!hidden quiet/q:bool replace:bool signature-policy:string!hidden!local
  tls-verify:bool=true
container stats | Live table of CPU, memory, network, block I/O and pids per container | [options] [CONTAINER...] | args=0..
  all/a:bool format:string interval/i:int=5 latest/l:bool!local no-reset:bool no-stream:bool no-trunc:bool
container top | Process table of a container | [options] CONTAINER [FORMAT-DESCRIPTORS|ARGS...] | flagsBeforeArgsOnly
  latest/l:bool!local list-descriptors:bool!hidden
container unmount | Undo a container's host mount of its root filesystem | [options] CONTAINER [CONTAINER...] | local args=1.. names=umount
  all/a:bool force/f:bool latest/l:bool!local
container unpause | Thaw frozen containers | [options] CONTAINER [CONTAINER...] | args=1..
  all/a:bool cidfile:stringArray!quiet filter/f:stringArray latest/l:bool!local
container update | Change resource limits, health check, restart policy or environment of an existing container | [options] CONTAINER | args=1..1
  blkio-weight:string blkio-weight-device:stringArray cpu-period:uint64 cpu-quota:int64 cpu-rt-period:uint64
  cpu-rt-runtime:int64 cpu-shares/c:uint64 cpus:float64 cpuset-cpus:string cpuset-mems:string
  device-read-bps:stringArray device-read-iops:stringArray device-write-bps:stringArray
  device-write-iops:stringArray
  env/e:stringArray=["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"] health-cmd:string
  health-interval:string="30s" health-log-destination:string="local" health-max-log-count:uint=5
  health-max-log-size:uint=500 health-on-failure:string="none" health-retries:uint=3 health-start-period:string="0s"
  health-startup-cmd:string health-startup-interval:string="30s" health-startup-retries:uint
  health-startup-success:uint health-startup-timeout:string="30s" health-timeout:string="30s" latest/l:bool!local
  memory/m:string memory-reservation:string memory-swap:string memory-swappiness:int64=-1 no-healthcheck:bool
  pids-limit:int64=2048 restart:string ulimit:stringSlice unsetenv:stringArray
context | Docker-compatible parent name for the remote connections |  | group hidden
context create | Docker-compatible way to save a remote connection | [options] NAME DESTINATION | args=1..1
  default-stack-orchestrator:string description:string docker:string from:string kubernetes:string
context inspect | JSON details of saved connections | [options] [CONTEXT] [CONTEXT...] | 
  format/f:string quiet/q:bool
context list | Table of saved connections | [options] | args=0..0 aliasOf=system_connection_list names=ls
context remove | Delete a saved connection | [options] NAME | args=1..1 aliasOf=system_connection_remove names=rm
context use | Choose which saved connection is the default | NAME | args=1..1
cp | Copy files in or out of a container, or between two | [options] [CONTAINER:]SRC_PATH [CONTAINER:]DEST_PATH | args=2..2 aliasOf=container_cp
diff | List changed paths of a container or image, whichever the name matches | [options] {CONTAINER|IMAGE} [{CONTAINER|IMAGE}] | args=1..2
  format:string latest/l:bool!local
export | Stream the whole filesystem of a container as a tar | [options] CONTAINER | args=1..1 aliasOf=container_export
farm | Parent of the commands for sets of remote build machines |  | group
farm build | Build on every machine of a farm and join the results in a manifest list | [options] [CONTEXT] | args=0..1
  add-host:stringSlice all-platforms:bool!hidden annotation:stringArray arch:string="amd64"!hidden authfile:string
  blob-cache:string!hidden build-arg:stringArray build-arg-file:stringArray build-context:stringArray
  cache-from:stringArray cache-to:stringArray cache-ttl:string cap-add:stringSlice cap-drop:stringSlice
  cdi-config-dir:string!hidden cert-dir:string cgroup-parent:string cgroupns:string cleanup:bool
  cni-config-dir:string!hidden cni-plugin-path:string!hidden compat-volumes:bool compress:bool!hidden
  cpp-flag:stringArray cpu-period:uint64 cpu-quota:int64 cpu-shares/c:uint64 cpuset-cpus:string cpuset-mems:string
  created-annotation:bool=true creds:string cw:string!hidden decryption-key:stringSlice device:stringArray
  disable-compression/D:bool=true disable-content-trust:bool!hidden dns:stringSlice dns-option:stringSlice
  dns-search:stringSlice env:stringArray farm:string file/f:stringSlice force-rm:bool=true format:string="oci"
  from:string group-add:stringSlice hooks-dir:stringArray http-proxy:bool=true identity-label:bool=true
  ignorefile:string iidfile:string inherit-annotations:bool=true inherit-labels:bool=true ipc:string
  isolation:string="oci" jobs:int=1 label:stringArray layer-label:stringArray layers:bool=true load:bool!hidden
  local/l:bool=true log-rusage:bool!hidden logfile:string loglevel:int!hidden logsplit:bool!hidden
  manifest:string!hidden memory/m:string memory-swap:string network:string no-cache:bool no-hostname:bool
  no-hosts:bool omit-history:bool os:string="linux"!hidden os-feature:stringArray os-version:string
  output/o:stringArray!hidden pid:string platform:stringSlice=["linux/amd64"]!hidden platforms:stringSlice
  progress:string="auto"!hidden pull:string="missing" pull-always:bool!hidden pull-never:bool!hidden quiet/q:bool
  retry:int=3 retry-delay:string rewrite-timestamp:bool rm:bool=true runtime-flag:stringSlice
  rusage-logfile:string!hidden sbom:string sbom-image-output:string sbom-image-purl-output:string
  sbom-merge-strategy:string sbom-output:string sbom-purl-output:string sbom-scanner-command:stringArray
  sbom-scanner-image:string secret:stringArray security-opt:stringArray shm-size:string="65536k"
  sign-by:string!hidden signature-policy:string!hidden skip-unused-stages:bool=true source-date-epoch:string
  squash:bool squash-all:bool ssh:stringArray stdin:bool!hidden tag/t:stringArray target:string timestamp:int64
  tls-verify:bool=true ulimit:stringSlice unsetannotation:stringSlice unsetenv:stringSlice unsetlabel:stringSlice
  userns:string userns-gid-map:stringSlice userns-gid-map-group:string userns-uid-map:stringSlice
  userns-uid-map-user:string uts:string variant:string!hidden volume/v:stringArray
farm create | Define a farm out of saved connections | NAME [CONNECTIONS...] | args=1..
farm list | Table of defined farms | [options] | args=0..0 names=ls
  format:string
farm remove | Delete farms | [options] [FARM...] | names=rm
  all/a:bool
farm update | Add or drop connections of a farm, or make it the default | [options] FARM | args=1..1
  add/a:stringSlice default/d:bool remove/r:stringSlice
generate | Parent of the commands that write descriptions of existing objects |  | group
generate kube | Turn existing containers, pods or volumes into Kubernetes YAML | [options] {CONTAINER...|POD...|VOLUME...} | args=1.. aliasOf=kube_generate
generate spec | Write the JSON create-spec of a container or pod | [options] {CONTAINER|POD} | args=1..1
  compact/c:bool filename/f:string name/n:bool=true
generate systemd | Write systemd unit files for a container or pod (superseded by quadlet) | [options] {CONTAINER|POD} | deprecated args=1..1
  after:stringArray container-prefix:string="container" env/e:stringArray files/f:bool format:string name/n:bool
  new:bool no-header:bool pod-prefix:string="pod" requires:stringArray restart-policy:string="on-failure"
  restart-sec:uint separator:string="-" start-timeout:uint stop-timeout:uint=10 template:bool time/t:uint=10!hidden
  wants:stringArray
healthcheck | Parent of the health check command |  | group
healthcheck run | Run a container's health check once; the exit status tells the result | CONTAINER | args=1..1
history | Table of an image's layers and how each came about | [options] IMAGE | args=1..1 aliasOf=image_history
image build | Make an image from a Containerfile/Dockerfile and a context folder | [options] [CONTEXT] | args=0..1
  add-host:stringSlice all-platforms:bool annotation:stringArray arch:string="amd64" authfile:string
  blob-cache:string!hidden build-arg:stringArray build-arg-file:stringArray build-context:stringArray
  cache-from:stringArray cache-to:stringArray cache-ttl:string cap-add:stringSlice cap-drop:stringSlice
  cdi-config-dir:string!hidden cert-dir:string cgroup-parent:string cgroupns:string cni-config-dir:string!hidden
  cni-plugin-path:string!hidden compat-volumes:bool compress:bool!quiet cpp-flag:stringArray cpu-period:uint64
  cpu-quota:int64 cpu-shares/c:uint64 cpuset-cpus:string cpuset-mems:string created-annotation:bool=true
  creds:string cw:string!quiet decryption-key:stringSlice device:stringArray disable-compression/D:bool=true
  disable-content-trust:bool!quiet dns:stringSlice dns-option:stringSlice dns-search:stringSlice env:stringArray
  file/f:stringSlice force-rm:bool=true format:string="oci" from:string group-add:stringSlice hooks-dir:stringArray
  http-proxy:bool=true identity-label:bool=true ignorefile:string iidfile:string inherit-annotations:bool=true
  inherit-labels:bool=true ipc:string isolation:string="oci" jobs:int=1 label:stringArray layer-label:stringArray
  layers:bool=true load:bool!hidden log-rusage:bool!hidden logfile:string loglevel:int!hidden logsplit:bool!quiet
  manifest:string memory/m:string memory-swap:string network:string no-cache:bool no-hostname:bool no-hosts:bool
  omit-history:bool os:string="linux" os-feature:stringArray os-version:string output/o:stringArray!quiet pid:string
  platform:stringSlice=["linux/amd64"] progress:string="auto"!hidden pull:string="missing" pull-always:bool!hidden
  pull-never:bool!hidden quiet/q:bool retry:int=3 retry-delay:string rewrite-timestamp:bool rm:bool=true
  runtime-flag:stringSlice rusage-logfile:string!hidden sbom:string sbom-image-output:string
  sbom-image-purl-output:string sbom-merge-strategy:string sbom-output:string sbom-purl-output:string
  sbom-scanner-command:stringArray sbom-scanner-image:string secret:stringArray security-opt:stringArray
  shm-size:string="65536k" sign-by:string!quiet signature-policy:string!hidden skip-unused-stages:bool=true
  source-date-epoch:string squash:bool squash-all:bool ssh:stringArray stdin:bool tag/t:stringArray target:string
  timestamp:int64 tls-verify:bool=true!quiet ulimit:stringSlice unsetannotation:stringSlice unsetenv:stringSlice
  unsetlabel:stringSlice userns:string userns-gid-map:stringSlice userns-gid-map-group:string
  userns-uid-map:stringSlice userns-uid-map-user:string uts:string variant:string volume/v:stringArray
image diff | List paths that differ between an image and its parent, or between two images | [options] IMAGE [IMAGE] | args=1..2
  format:string
image history | Table of an image's layers and how each came about | [options] IMAGE | args=1..1
  format:string human/H:bool=true no-trunc:bool quiet/q:bool
image import | Make a one-layer image from a filesystem tar | [options] PATH [REFERENCE] | args=1..2
  arch:string change/c:stringArray message/m:string os:string quiet/q:bool signature-policy:string!hidden!local
  variant:string
image mount | Mount images' root filesystems read-only on the host; without names, show those mounted | [options] [IMAGE...] | local
  all/a:bool format:string
image prune | Delete images that nothing uses | [options] | args=0..0
  all/a:bool build-cache:bool external:bool filter:stringArray force/f:bool
image push | Upload an image to a registry or another transport | [options] IMAGE [DESTINATION] | args=1..2
  authfile:string cert-dir:string!quiet compress:bool!quiet compression-format:string="gzip" compression-level:int
  creds:string digestfile:string disable-content-trust:bool encrypt-layer:intSlice!quiet
  encryption-key:stringArray!quiet force-compression:bool format/f:string quiet/q:bool!quiet remove-signatures:bool
  retry:uint=3 retry-delay:string sign-by:string!quiet sign-by-sigstore:string!quiet
  sign-by-sigstore-private-key:string!quiet sign-by-sq-fingerprint:string!quiet sign-passphrase-file:string!quiet
  signature-policy:string!hidden!local tls-verify:bool=true
image scp | Copy an image between local users or hosts over SSH | [options] IMAGE [HOST::] | args=1..2
  quiet/q:bool
image search | Ask registries for images matching a term | [options] TERM | args=1..1
  authfile:string cert-dir:string!local compatible:bool creds:string filter/f:stringArray format:string limit:int
  list-tags:bool no-trunc:bool tls-verify:bool=true
image sign | Make detached GPG signatures for images in a registry | [options] IMAGE [IMAGE...] | local args=1..
  all/a:bool authfile:string cert-dir:string directory/d:string sign-by:string
image tree | Draw the layers of an image as a tree | [options] IMAGE | args=1..1
  whatrequires:bool
image trust | Parent of the signature-policy commands |  | group local
image trust set | Set the signature requirement for a registry or the default one | [options] REGISTRY | local args=1..1
  policypath:string!hidden pubkeysfile/f:stringArray type/t:string="signedBy"
image trust show | Show the signature policy | [options] [REGISTRY] | local args=0..1
  json/j:bool noheading/n:bool policypath:string!hidden raw:bool registrypath:string!hidden
image unmount | Undo host mounts of images | [options] IMAGE [IMAGE...] | local names=umount
  all/a:bool force/f:bool
image untag | Drop names of a local image while keeping its data | IMAGE [IMAGE...] | args=1..
import | Make a one-layer image from a filesystem tar | [options] PATH [REFERENCE] | args=1..2 aliasOf=image_import
init | Do all start-up steps of a container short of running its command | [options] CONTAINER [CONTAINER...] | args=1.. aliasOf=container_init
kube | Parent of the Kubernetes YAML commands |  | group
kube apply | Send generated or given Kubernetes YAML to a real cluster | [options] [CONTAINER...|POD...|VOLUME...] | 
  ca-cert-file:string file/f:string kubeconfig/k:string ns:string service/s:bool
kube down | Tear down the pods (and with a flag the volumes) that a YAML file describes | [options] [KUBEFILE [KUBEFILE...]]|- | args=1..
  force:bool
kube generate | Turn existing containers, pods or volumes into Kubernetes YAML | [options] {CONTAINER...|POD...|VOLUME...} | args=1..
  filename/f:string no-trunc:bool!hidden podman-only:bool replicas/r:int32=1 service/s:bool type/t:string="pod"
kube play | Bring up what a Kubernetes YAML file describes | [options] [KUBEFILE [KUBEFILE...]]|- | args=1..
  annotation:stringArray authfile:string build:bool!local cert-dir:string!local configmap:stringArray
  context-dir:string!local creds:string down:bool!hidden force:bool ip:ipSlice log-driver:string="k8s-file"
  log-opt:stringArray mac-address:stringSlice network:stringArray no-hostname:bool no-hosts:bool no-pod-prefix:bool
  no-trunc:bool!hidden publish:stringSlice publish-all:bool quiet/q:bool replace:bool
  seccomp-profile-root:string="/var/lib/kubelet/seccomp"!local service-container:bool!hidden!local
  service-exit-code-propagation:string!hidden!local signature-policy:string!hidden!local start:bool=true
  tls-verify:bool=true userns:string wait/w:bool
login | Check and store credentials for a registry | [options] [REGISTRY] | args=0..1
  authfile:string cert-dir:string compat-auth-file:string get-login:bool password/p:string password-stdin:bool
  secret:string tls-verify:bool username/u:string verbose/v:bool
logout | Drop stored credentials for a registry | [options] [REGISTRY] | args=0..1
  all/a:bool authfile:string compat-auth-file:string
machine | Parent of the virtual machine commands |  | group
machine client9p | Internal helper that mounts a host folder by 9p in a Hyper-V guest | PORT DIR | hidden args=2..2
machine cp | Move files in or out of a machine over SSH | [options] SRC_PATH DEST_PATH | args=2..2
  quiet/q:bool
machine info | Facts on the machine host and provider | [options] | args=0..0
  format/f:string
machine init | Make a new virtual machine | [options] [NAME] | args=0..1
  cpus:uint64=1 disk-size:uint64=100 ignition-path:string image:string image-path:string!hidden memory/m:uint64=2048
  now:bool playbook:string reexec:bool!hidden rootful:bool swap/s:uint64 timezone:string="local"
  tls-verify:bool=true usb:stringArray user-mode-networking:bool username:string="core"
  volume/v:stringArray=["$HOME:$HOME"] volume-driver:string!hidden
machine inspect | JSON description of virtual machines | [options] [MACHINE...] | 
  format:string
machine list | Table of virtual machines | [options] | args=0..0 names=ls
  all-providers:bool
  format:string="{{range\\u0020.}}{{.Name}}\\t{{.VMType}}\\t{{.Created}}\\t{{.LastUp}}\\t{{.CPUs}}\\t{{.Memory}}\\t{{.DiskSize}}\\n{{end\\u0020-}}"
  noheading/n:bool quiet/q:bool
machine os | Parent of the commands for the guest's operating system |  | group
machine os apply | Put an OCI image in place as the guest's operating system | [options] IMAGE [NAME] | args=1..2
  restart:bool
machine reset | Delete all virtual machines with their data | [options] | args=0..0
  force/f:bool
machine rm | Delete a virtual machine | [options] [MACHINE] | args=0..1
  force/f:bool save-ignition:bool save-image:bool
machine set | Change settings of a virtual machine | [options] [NAME] | args=0..1
  cpus:uint64 disk-size:uint64 memory/m:uint64 rootful:bool usb:stringArray user-mode-networking:bool
machine ssh | Open a shell or run a command in a virtual machine | [options] [NAME] [COMMAND [ARG ...]] | flagsBeforeArgsOnly
  username:string
machine start | Boot a virtual machine | [options] [MACHINE] | args=0..1
  no-info:bool quiet/q:bool
machine stop | Shut a virtual machine down | [MACHINE] | args=0..1
manifest | Parent of the manifest list commands |  | group
manifest add | Give a manifest list more entries | [options] LIST IMAGEORARTIFACT [IMAGEORARTIFACT...] | args=2..
  all:bool annotation:stringArray arch:string artifact:bool artifact-config:string artifact-config-type:string
  artifact-exclude-titles:bool artifact-layer-type:string artifact-subject:string artifact-type:string
  authfile:string cert-dir:string!quiet creds:string features:stringSlice insecure:bool!hidden os:string
  os-version:string tls-verify:bool=true variant:string
manifest annotate | Change the entry of one image in a manifest list, or the list's own annotations | [options] LIST IMAGEORARTIFACT | args=1..2
  annotation:stringArray arch:string features:stringSlice index:bool os:string os-features:stringSlice
  os-version:string subject:string variant:string
manifest create | Make an empty or filled manifest list | [options] LIST [IMAGE...] | args=1..
  all:bool amend/a:bool annotation:stringArray insecure:bool!hidden tls-verify:bool=true
manifest exists | Answer by exit status whether a manifest list is in local storage | MANIFEST | args=1..1
manifest inspect | Show a manifest list as JSON, local or from a registry | [options] IMAGE | args=1..1
  authfile:string insecure:bool!hidden tls-verify:bool=true verbose/v:bool!hidden
manifest push | Upload a manifest list, with its images unless told otherwise | [options] LIST DESTINATION | args=1..2
  add-compression:stringSlice all:bool=true authfile:string cert-dir:string!quiet compression-format:string
  compression-level:int creds:string digestfile:string force-compression:bool format/f:string insecure:bool!hidden
  purge/p:bool!hidden quiet/q:bool remove-signatures:bool rm:bool sign-by:string!quiet sign-by-sigstore:string!quiet
  sign-by-sigstore-private-key:string!quiet sign-by-sq-fingerprint:string!quiet sign-passphrase-file:string!quiet
  tls-verify:bool=true
manifest remove | Drop one entry from a manifest list | LIST DIGEST | args=2..2
manifest rm | Delete manifest lists from local storage | [options] LIST [LIST...] | args=1..
  ignore/i:bool
mount | Mount containers' root filesystems on the host and print where; without names, show those mounted | [options] [CONTAINER...] | local args=0.. aliasOf=container_mount
network connect | Attach a container to one more network | [options] NETWORK CONTAINER | args=2..2
  alias:stringSlice ip:ip=null ip6:ip=null mac-address:string
network disconnect | Take a container off a network | [options] NETWORK CONTAINER | args=2..2
  force/f:bool
network prune | Delete networks that no container uses | [options] | args=0..0
  filter:stringArray force/f:bool
network reload | Set up the firewall rules of containers anew | [options] [CONTAINER...] | local args=1..
  all/a:bool latest/l:bool!local
network update | Change the DNS servers of a network | [options] NETWORK | args=1..1
  dns-add:stringSlice dns-drop:stringSlice
pause | Freeze all processes of containers with the cgroup freezer | [options] CONTAINER [CONTAINER...] | args=1.. aliasOf=container_pause
play | Old parent name of kube play |  | group hidden
play kube | Bring up what a Kubernetes YAML file describes | [options] [KUBEFILE [KUBEFILE...]]|- | hidden args=1.. aliasOf=kube_play
pod | Parent of the pod commands |  | group
pod clone | Make a copy of a pod with all its containers | [options] POD NAME | args=1..2
  blkio-weight:string blkio-weight-device:stringArray cgroup-parent:string cpu-shares/c:uint64 cpus:float64
  cpuset-cpus:string cpuset-mems:string destroy:bool device:stringArray device-read-bps:stringArray
  device-write-bps:stringArray gidmap:stringSlice gpus:stringSlice hostname/h:string infra-command:string
  infra-conmon-pidfile:string infra-name:string label/l:stringArray label-file:stringArray memory/m:string
  memory-swap:string name/n:string pid:string restart:string security-opt:stringArray shm-size:string="65536k"
  shm-size-systemd:string start:bool subgidname:string subuidname:string sysctl:stringSlice uidmap:stringSlice
  userns:string uts:string volume/v:stringArray volumes-from:stringArray
pod create | Make a pod, empty but for its infra container | [options] [NAME] | flagsBeforeArgsOnly args=0..1
  add-host:stringSlice blkio-weight:string blkio-weight-device:stringArray cgroup-parent:string cpu-shares/c:uint64
  cpus:float64 cpuset-cpus:string cpuset-mems:string device:stringArray device-read-bps:stringArray
  device-write-bps:stringArray dns:stringSlice dns-option:stringSlice dns-search:stringSlice
  exit-policy:string="continue" gidmap:stringSlice gpus:stringSlice hostname/h:string hosts-file:string
  infra:bool=true infra-command:string infra-conmon-pidfile:string infra-image:string infra-name:string ip:string
  ip6:string label/l:stringArray label-file:stringArray mac-address:string memory/m:string memory-swap:string
  name/n:string network:stringArray network-alias:stringSlice no-hostname:bool no-hosts:bool pid:string
  pod-id-file:string publish/p:stringSlice replace:bool restart:string security-opt:stringArray
  share:string="ipc,net,uts" share-parent:bool=true shm-size:string="65536k" shm-size-systemd:string
  subgidname:string subuidname:string sysctl:stringSlice uidmap:stringSlice userns:string uts:string
  volume/v:stringArray volumes-from:stringArray
pod exists | Answer by exit status whether a pod is known | POD | args=1..1
pod inspect | JSON description of pods | [options] POD [POD...] | 
  format/f:string="json" latest/l:bool!local
pod kill | Send a signal to the main process of every container in pods | [options] POD [POD...] | args=1..
  all/a:bool latest/l:bool!local signal/s:string="KILL"
pod logs | Print the logs of a pod's containers together | [options] POD | args=1..1
  color:bool container/c:string details:bool!hidden follow/f:bool latest/l:bool!local names/n:bool since:string
  tail:int64=-1 timestamps/t:bool until:string
pod pause | Freeze all containers of pods | [options] POD [POD...] | args=1..
  all/a:bool latest/l:bool!local
pod prune | Delete every pod that is not running | [options] | args=0..0
  force/f:bool
pod ps | Table of pods | [options] | args=0..0 names=ls,list
  ctr-ids:bool ctr-names:bool ctr-status:bool filter/f:stringArray format:string latest/l:bool!local no-trunc:bool
  noheading/n:bool ns:bool quiet/q:bool sort:string="created"
pod restart | Restart all containers of pods | [options] POD [POD...] | args=1..
  all/a:bool latest/l:bool!local
pod rm | Delete pods with their containers | [options] POD [POD...] | args=1..
  all/a:bool force/f:bool ignore/i:bool!quiet latest/l:bool!local pod-id-file:stringArray time/t:int=10
pod start | Start all containers of pods | [options] POD [POD...] | args=1..
  all/a:bool latest/l:bool!local pod-id-file:stringArray
pod stats | Live table of resource use of pods' containers | [options] [POD...] | 
  all/a:bool format:string latest/l:bool!local no-reset:bool no-stream:bool
pod stop | Stop all containers of pods | [options] POD [POD...] | args=1..
  all/a:bool ignore/i:bool!quiet latest/l:bool!local pod-id-file:stringArray time/t:int=10
pod top | Process table over all containers of a pod | [options] POD [FORMAT-DESCRIPTORS|ARGS...] | flagsBeforeArgsOnly args=0..
  latest/l:bool!local list-descriptors:bool!hidden
pod unpause | Thaw frozen pods | [options] POD [POD...] | args=1..
  all/a:bool latest/l:bool!local
port | Show which host ports lead to a container | [options] CONTAINER [PORT] | args=0.. aliasOf=container_port
push | Upload an image to a registry or another transport | [options] IMAGE [DESTINATION] | args=1..2 aliasOf=image_push
quadlet | Parent of the commands for quadlet unit files |  | group
quadlet install | Put quadlet files in the folder systemd's generator reads | [options] QUADLET-PATH-OR-URL [FILES-PATH-OR-URL...] | args=1..
  reload-systemd:bool=true replace/r:bool
quadlet list | Table of installed quadlets with their unit state | [options] | args=0..0
  filter/f:stringArray
  format:string="{{range\\u0020.}}{{.Name}}\\t{{.UnitName}}\\t{{.Path}}\\t{{.Status}}\\t{{.App}}\\n{{end\\u0020-}}"
quadlet print | Show the text of an installed quadlet | QUADLET | args=1..1 names=cat
quadlet rm | Delete installed quadlets | [options] QUADLET [QUADLET...] | 
  all/a:bool force/f:bool ignore/i:bool reload-systemd:bool=true
rename | Give a container another name | CONTAINER NAME | args=2..2 aliasOf=container_rename
restart | Stop, then start containers | [options] CONTAINER [CONTAINER...] | args=1.. aliasOf=container_restart
search | Ask registries for images matching a term | [options] TERM | args=1..1 aliasOf=image_search
secret | Parent of the secret commands |  | group
secret create | Store a secret read from a file, stdin or an environment variable | [options] NAME FILE|- | args=2..2
  driver/d:string="file" driver-opts:stringToString env:bool ignore:bool label/l:stringArray replace:bool
secret exists | Answer by exit status whether a secret is known | SECRET | args=1..1
secret inspect | Description of secrets, with the content on request | [options] SECRET [SECRET...] | args=1..
  format/f:string pretty:bool showsecret:bool
secret ls | Table of secrets | [options] | args=0..0 names=list
  filter/f:stringArray
  format:string="{{range\\u0020.}}{{.ID}}\\t{{.Name}}\\t{{.Driver}}\\t{{.CreatedAt}}\\t{{.UpdatedAt}}\\n{{end\\u0020-}}"
  noheading/n:bool quiet/q:bool
secret rm | Delete secrets | [options] SECRET [SECRET...] | 
  all/a:bool ignore/i:bool
stats | Live table of CPU, memory, network, block I/O and pids per container | [options] [CONTAINER...] | args=0.. aliasOf=container_stats
system check | Look for damage in the storage and mend it on request | [options] | args=0..0
  force/f:bool max/m:duration="24h0m0s" quick/q:bool repair/r:bool
system connection | Parent of the saved remote connections |  | group
system connection add | Save a remote connection | [options] NAME DESTINATION | args=2..2
  default/d:bool farm/f:string!hidden identity:string port/p:int=22 socket-path:string tls-ca:string tls-cert:string
  tls-key:string
system connection default | Choose the default connection | NAME | args=1..1
system connection list | Table of saved connections | [options] | args=0..0 names=ls
  format/f:string quiet/q:bool
system connection remove | Delete a saved connection | [options] NAME | args=1..1 names=rm
  all/a:bool force/f:bool!hidden
system connection rename | Give a saved connection another name | OLD NEW | args=2..2 names=mv
system df | Disk use of images, containers and volumes | [options] | args=0..0
  format:string verbose/v:bool
system dial-stdio | Internal: join stdio to the service socket, for use over SSH |  | hidden args=0..0
system locks | Internal: show objects that share a lock |  | hidden args=0..0
system migrate | Carry containers over after an engine or user-namespace change | [options] | local args=0..0
  migrate-db:bool new-runtime:string
system prune | Delete everything unused: containers, pods, networks, images and on request volumes | [options] | args=0..0
  all/a:bool build:bool external:bool filter:stringArray force/f:bool volumes:bool
system renumber | Hand out lock numbers anew after the lock count changed |  | local args=0..0
system reset | Return storage to its empty first state | [options] | local args=0..0
  force/f:bool
top | Process table of a container | [options] CONTAINER [FORMAT-DESCRIPTORS|ARGS...] | flagsBeforeArgsOnly args=0.. aliasOf=container_top
unmount | Undo a container's host mount of its root filesystem | [options] CONTAINER [CONTAINER...] | local args=1.. aliasOf=container_unmount names=umount
unpause | Thaw frozen containers | [options] CONTAINER [CONTAINER...] | args=1.. aliasOf=container_unpause
unshare | Execute a program under the rootless id mappings | [options] [COMMAND [ARG...]] | flagsBeforeArgsOnly local
  rootless-netns:bool
untag | Drop names of a local image while keeping its data | IMAGE [IMAGE...] | args=1.. aliasOf=image_untag
update | Change resource limits, health check, restart policy or environment of an existing container | [options] CONTAINER | args=1..1 aliasOf=container_update
volume export | Write a volume's content as a tar | [options] VOLUME | args=1..1
  output/o:string
volume import | Unpack a tar into an existing volume | VOLUME [SOURCE] | args=2..2
volume mount | Mount a volume on the host and print where | NAME | local args=1..1
volume prune | Delete volumes that no container uses | [options] | args=0..0
  filter:stringArray force/f:bool
volume reload | Sync the list of volumes with the volume plugins |  | args=0..0
volume unmount | Undo a host mount of a volume | NAME | local args=1..1
`;
