terraform {
  required_version = ">= 1.9, < 2.0"

  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "~> 4.20.0"
    }
  }

  # The state holds the database's password. Keep it where only people with that right can read it, for example in an azurerm
  # backend with its own storage account.
}

variable "subscription_id" {
  description = "The Azure subscription"
  type        = string
}

variable "admin_group_id" {
  description = "The object id of the Entra group that administers the cluster"
  type        = string
}

variable "office" {
  description = "The addresses from which you work"
  type        = list(string)
}

provider "azurerm" {
  subscription_id     = var.subscription_id
  storage_use_azuread = true

  features {}
}

module "pipeline" {
  source = "../.."

  name                 = "pipeline-prod"
  location             = "westeurope"
  admin_group_ids      = [var.admin_group_id]
  authorized_ip_ranges = var.office
  on_demand_nodes      = { min = 2, max = 4 }
  spot_nodes           = { min = 1, max = 4 }
  tags                 = { service = "orleans-pipeline" }
}

output "next" {
  description = "What to run next"
  value       = <<-EOT
    az aks get-credentials --resource-group ${module.pipeline.resource_group} --name ${module.pipeline.kubernetes_cluster}
    kubectl create namespace pipeline
    kubectl -n pipeline create secret generic pipeline-postgres --from-literal=connection-string="$(az keyvault secret show --vault-name ${module.pipeline.key_vault} --name ${module.pipeline.postgres_secret} --query value --output tsv)"
  EOT
}
