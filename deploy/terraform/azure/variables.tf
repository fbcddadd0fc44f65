variable "name" {
  description = "Begins the name of everything that is made; 3 to 16 lower-case letters, digits and hyphens, beginning with a letter"
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,14}[a-z0-9]$", var.name))
    error_message = "The name is 3 to 16 lower-case letters, digits and hyphens, begins with a letter and does not end with a hyphen."
  }
}

variable "location" {
  description = "The region, such as westeurope; it must have availability zones"
  type        = string
}

variable "tags" {
  description = "Tags of everything that is made"
  type        = map(string)
  default     = {}
}

variable "zones" {
  description = "The availability zones that nodes are spread over"
  type        = list(string)
  default     = ["1", "2", "3"]

  validation {
    condition     = length(var.zones) >= 2 && length(distinct(var.zones)) == length(var.zones)
    error_message = "Name at least two zones, each once: silos outlive the loss of one."
  }
}

variable "address_space" {
  description = "The addresses of the virtual network, a /16 to /22; the first half is for nodes, the third quarter for PostgreSQL"
  type        = string
  default     = "10.42.0.0/20"

  validation {
    condition     = can(cidrhost(var.address_space, 0)) && try(tonumber(split("/", var.address_space)[1]) >= 16 && tonumber(split("/", var.address_space)[1]) <= 22, false)
    error_message = "Give a range of addresses from /16 to /22, such as 10.42.0.0/20."
  }
}

variable "kubernetes_version" {
  description = "The minor version of Kubernetes; patches are applied by themselves. The manifests need 1.30 or later"
  type        = string
  default     = "1.31"

  validation {
    condition     = can(regex("^1\\.[3-9][0-9]$", var.kubernetes_version))
    error_message = "Give a minor version from 1.30 on, such as 1.31."
  }
}

variable "admin_group_ids" {
  description = "The object ids of the Entra groups that administer the Kubernetes cluster, and the only ones: there are no local accounts"
  type        = list(string)

  validation {
    condition     = length(var.admin_group_ids) > 0
    error_message = "Name at least one group. Without one no user can reach the cluster."
  }
}

variable "authorized_ip_ranges" {
  description = "The addresses from which the Kubernetes API is reached, such as 203.0.113.0/24"
  type        = list(string)

  validation {
    condition     = length(var.authorized_ip_ranges) > 0 && alltrue([for range in var.authorized_ip_ranges : can(cidrhost(range, 0)) && range != "0.0.0.0/0"])
    error_message = "Name ranges of addresses, and not the whole internet."
  }
}

variable "node_size" {
  description = "The size of the nodes that silos run on"
  type        = string
  default     = "Standard_D4ds_v5"
}

variable "on_demand_nodes" {
  description = "The fewest and the most nodes that are never taken away; a third of the silos at least runs on them"
  type        = object({ min = number, max = number })
  default     = { min = 3, max = 6 }

  validation {
    condition     = var.on_demand_nodes.min >= 1 && var.on_demand_nodes.max >= var.on_demand_nodes.min
    error_message = "There is at least one node, and the most are not fewer than the fewest."
  }
}

variable "spot_nodes" {
  description = "The fewest and the most spot nodes, which the cloud may take away on short notice; a most of 0 makes no such pool"
  type        = object({ min = number, max = number })
  default     = { min = 0, max = 0 }

  validation {
    condition     = var.spot_nodes.min >= 0 && var.spot_nodes.max >= var.spot_nodes.min
    error_message = "The most are not fewer than the fewest."
  }
}

variable "spot_max_price" {
  description = "The most to pay for a spot node in US dollars an hour; -1 for up to the price on demand"
  type        = number
  default     = -1

  validation {
    condition     = var.spot_max_price == -1 || var.spot_max_price > 0
    error_message = "Give a price, or -1."
  }
}

variable "postgres_version" {
  description = "The major version of PostgreSQL, 13 or later"
  type        = string
  default     = "16"

  validation {
    condition     = contains(["13", "14", "15", "16"], var.postgres_version)
    error_message = "Give 13, 14, 15 or 16."
  }
}

variable "postgres_size" {
  description = "The size of the database server; not a burstable one, which slows down under lasting load"
  type        = string
  default     = "GP_Standard_D4ds_v5"

  validation {
    condition     = can(regex("^(GP|MO)_", var.postgres_size))
    error_message = "Give a general-purpose (GP_) or memory-optimized (MO_) size."
  }
}

variable "postgres_storage_mb" {
  description = "The storage of the database in MiB: a power of two from 131072 on; it grows by itself, and never shrinks"
  type        = number
  default     = 262144

  validation {
    condition     = contains([131072, 262144, 524288, 1048576, 2097152, 4194304, 8388608, 16777216], var.postgres_storage_mb)
    error_message = "Give 131072, 262144, 524288, 1048576, 2097152, 4194304, 8388608 or 16777216."
  }
}

variable "postgres_high_availability" {
  description = "Whether a second database server in another zone takes over when the first fails; it doubles the database's price"
  type        = bool
  default     = true
}

variable "backup_days" {
  description = "How many days the database can be taken back to any moment, and files in the backup container are kept after they were deleted; 7 to 35"
  type        = number
  default     = 14

  validation {
    condition     = var.backup_days >= 7 && var.backup_days <= 35 && floor(var.backup_days) == var.backup_days
    error_message = "Give a whole number of days from 7 to 35."
  }
}

variable "backup_geo_redundant" {
  description = "Whether backups are kept in the paired region too; of a database it cannot be changed later"
  type        = bool
  default     = true
}

variable "backup_expiry_days" {
  description = "After how many days files in the backup container are deleted"
  type        = number
  default     = 90

  validation {
    condition     = var.backup_expiry_days >= 1
    error_message = "Keep a backup for a day at least."
  }
}

variable "secrets_service_account" {
  description = "The Kubernetes service account, as namespace/name, that may read the key vault: that of External Secrets, say. Silos need no right"
  type        = string
  default     = "pipeline/pipeline-secrets"

  validation {
    condition     = can(regex("^[a-z0-9-]+/[a-z0-9.-]+$", var.secrets_service_account))
    error_message = "Give a service account as namespace/name."
  }
}

variable "backup_service_account" {
  description = "The Kubernetes service account, as namespace/name, that may write and read the backup container"
  type        = string
  default     = "pipeline/pipeline-backup"

  validation {
    condition     = can(regex("^[a-z0-9-]+/[a-z0-9.-]+$", var.backup_service_account))
    error_message = "Give a service account as namespace/name."
  }
}
